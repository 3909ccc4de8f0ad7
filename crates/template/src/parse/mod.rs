//! The parser: tokens into trees, as `text/template/parse`.

pub(crate) mod ast;
mod complex;
mod lex;
mod number;
mod pipeline;

pub(crate) use number::Number;

use crate::error::{Error, ErrorKind, Position};
use crate::function::Functions;
use crate::go::quote::{quote_str, unquote};
use ast::{Block, Branch, Node, Source, TemplateCall, Tree};
use ecow::EcoString;
use lex::{Kind, Lexer, Token};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a text defines, by name; the main template is among them.
pub(crate) type Trees = BTreeMap<EcoString, Arc<Tree>>;

/// What parsing needs besides the text.
#[derive(Clone, Copy)]
pub(crate) struct Setup<'a> {
    pub(crate) functions: &'a Functions,
    pub(crate) delims: (&'a str, &'a str),
    pub(crate) nesting: usize,
}

/// Parses a text into its templates.
pub(crate) fn parse(name: &str, text: &str, setup: Setup<'_>) -> Result<Trees, Error> {
    let source = Arc::new(Source { name: name.into(), text: text.into() });
    let mut lexer = Lexer::new(text, setup.delims.0, setup.delims.1);
    lexer.break_ok = setup.functions.get("break").is_none();
    lexer.continue_ok = setup.functions.get("continue").is_none();
    let mut parser = Parser {
        lexer,
        source,
        functions: setup.functions,
        nesting: setup.nesting,
        token: [eof(), eof(), eof()],
        peeked: 0,
        trees: Trees::new(),
        scope: Scope::new(),
    };
    let root = parser.main()?;
    parser.add(name.into(), root)?;
    Ok(parser.trees)
}

fn eof<'a>() -> Token<'a> {
    Token { kind: Kind::Eof, pos: 0, text: Cow::Borrowed(""), line: 0 }
}

const BLOCK: &str = "block clause";

type Result<T, E = Error> = std::result::Result<T, E>;

/// What each definition starts afresh.
struct Scope {
    variables: Vec<EcoString>,
    action_line: usize,
    range_depth: usize,
    depth: usize,
}

impl Scope {
    fn new() -> Self {
        Self { variables: vec!["$".into()], action_line: 0, range_depth: 0, depth: 0 }
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    source: Arc<Source>,
    functions: &'a Functions,
    nesting: usize,
    /// Three tokens of look-ahead, the latest first.
    token: [Token<'a>; 3],
    peeked: usize,
    trees: Trees,
    scope: Scope,
}

/// What a list of nodes ended with.
enum Ending {
    End,
    /// `{{else}}`; the keyword that follows `else` in the same action is still to come.
    Else,
}

impl Ending {
    fn describe(&self) -> &'static str {
        match self {
            Self::End => "{{end}}",
            Self::Else => "{{else}}",
        }
    }
}

/// A node, or the end of a list.
enum Piece {
    Node(Node),
    Ending(Ending),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
    If,
    With,
    Range,
}

impl Control {
    fn word(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }

    fn node(self, branch: Branch) -> Node {
        match self {
            Self::If => Node::If(branch),
            Self::With => Node::With(branch),
            Self::Range => Node::Range(branch),
        }
    }
}

impl<'a> Parser<'a> {
    fn latest(&self) -> &Token<'a> {
        let [latest, ..] = &self.token;
        latest
    }

    fn next(&mut self) -> Token<'a> {
        if self.peeked > 0 {
            self.peeked -= 1;
        } else {
            let [latest, ..] = &mut self.token;
            *latest = self.lexer.next();
        }
        let token: Option<&Token<'a>> = self.token.get(self.peeked);
        token.map_or_else(eof, Token::clone)
    }

    fn backup(&mut self) {
        self.peeked += 1;
    }

    /// Puts back a token before the latest one.
    fn backup2(&mut self, before: Token<'a>) {
        let [_, second, _] = &mut self.token;
        *second = before;
        self.peeked = 2;
    }

    /// Puts back two tokens before the latest one.
    fn backup3(&mut self, first: Token<'a>, then: Token<'a>) {
        let [_, second, third] = &mut self.token;
        (*second, *third) = (then, first);
        self.peeked = 3;
    }

    fn peek(&mut self) -> Token<'a> {
        let token = self.next();
        self.backup();
        token
    }

    fn next_non_space(&mut self) -> Token<'a> {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_non_space(&mut self) -> Token<'a> {
        let token = self.next_non_space();
        self.backup();
        token
    }

    fn error(&self, message: impl Into<String>) -> Error {
        self.error_of(ErrorKind::Parse, message.into())
    }

    fn error_of(&self, kind: ErrorKind, message: String) -> Error {
        let line = self.latest().line;
        let full = format!("template: {}:{line}: {message}", self.source.name);
        Error::new(kind, full, message).at(Position { name: self.source.name.clone(), line, column: None })
    }

    fn unexpected(&self, token: &Token<'_>, context: &str) -> Error {
        if token.kind == Kind::Error {
            let started = self.scope.action_line;
            let mut extra = String::new();
            if started != 0 && started != token.line {
                let joint = if token.text.ends_with(" action") { "" } else { " in action" };
                extra = format!("{joint} started at {}:{started}", self.source.name);
            }
            return self.error(format!("{}{extra}", token.describe()));
        }
        self.error(format!("unexpected {} in {context}", token.describe()))
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<Token<'a>> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(token) } else { Err(self.unexpected(&token, context)) }
    }

    /// Enters a nested construct; the caller leaves it by taking one off the depth.
    fn enter(&mut self) -> Result<()> {
        if self.scope.depth >= self.nesting {
            return Err(self.too_deep());
        }
        self.scope.depth += 1;
        Ok(())
    }

    fn too_deep(&self) -> Error {
        self.error_of(ErrorKind::Limit, format!("nested deeper than {} levels", self.nesting))
    }

    fn add(&mut self, name: EcoString, root: Block) -> Result<()> {
        match self.trees.get(&name) {
            Some(tree) if !tree.root.is_empty() => {
                if !root.is_empty() {
                    let message = format!("template: multiple definition of template {}", quote_str(&name));
                    return Err(self.error(message));
                }
            }
            _ => {
                let tree = Tree { name: name.clone(), source: self.source.clone(), root };
                self.trees.insert(name, Arc::new(tree));
            }
        }
        Ok(())
    }

    fn main(&mut self) -> Result<Block> {
        let mut root = Block::default();
        while self.peek().kind != Kind::Eof {
            if self.peek().kind == Kind::LeftDelim {
                let delim = self.next();
                if self.next_non_space().kind == Kind::Define {
                    self.definition()?;
                    continue;
                }
                self.backup2(delim);
            }
            match self.text_or_action()? {
                Piece::Node(node) => root.0.push(node),
                Piece::Ending(ending) => return Err(self.error(format!("unexpected {}", ending.describe()))),
            }
        }
        Ok(root)
    }

    /// Runs `body` in a fresh scope, as a definition has.
    fn definition_body(&mut self, name: EcoString, context: &str) -> Result<()> {
        let mut scope = Scope::new();
        scope.depth = self.scope.depth;
        let outer = std::mem::replace(&mut self.scope, scope);
        self.enter()?;
        let started = self.latest().clone();
        let (root, ending) = self.list()?;
        if let Ending::Else = ending {
            if context == BLOCK {
                // Go reports this one where the block starts.
                self.token = [started, eof(), eof()];
            }
            return Err(self.error(format!("unexpected {{{{else}}}} in {context}")));
        }
        self.add(name, root)?;
        self.scope = outer;
        Ok(())
    }

    fn definition(&mut self) -> Result<()> {
        let context = "define clause";
        let token = self.next_non_space();
        let name = self.template_name(&token, context)?;
        self.expect(Kind::RightDelim, context)?;
        self.definition_body(name, context)
    }

    fn template_name(&mut self, token: &Token<'a>, context: &str) -> Result<EcoString> {
        match token.kind {
            Kind::String | Kind::RawString => {
                let name = unquote(&token.text).ok_or_else(|| self.error("invalid syntax"))?;
                Ok(name.to_str_lossy().as_ref().into())
            }
            _ => Err(self.unexpected(token, context)),
        }
    }

    fn list(&mut self) -> Result<(Block, Ending)> {
        let mut list = Block::default();
        while self.peek_non_space().kind != Kind::Eof {
            match self.text_or_action()? {
                Piece::Node(node) => list.0.push(node),
                Piece::Ending(ending) => return Ok((list, ending)),
            }
        }
        Err(self.error("unexpected EOF"))
    }

    fn text_or_action(&mut self) -> Result<Piece> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Text => Ok(Piece::Node(Node::Text(token.text.as_ref().into()))),
            Kind::LeftDelim => {
                self.scope.action_line = token.line;
                let piece = self.action()?;
                self.scope.action_line = 0;
                Ok(piece)
            }
            _ => Err(self.unexpected(&token, "input")),
        }
    }

    fn action(&mut self) -> Result<Piece> {
        let token = self.next_non_space();
        let node = match token.kind {
            Kind::Block => self.block()?,
            Kind::Break => {
                self.loop_exit("{{break}}")?;
                Node::Break(token.pos)
            }
            Kind::Continue => {
                self.loop_exit("{{continue}}")?;
                Node::Continue(token.pos)
            }
            Kind::Else => return self.else_action(),
            Kind::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Piece::Ending(Ending::End));
            }
            Kind::If => self.control(Control::If)?,
            Kind::Range => self.control(Control::Range)?,
            Kind::Template => self.template()?,
            Kind::With => self.control(Control::With)?,
            _ => {
                self.backup();
                let pos = self.peek().pos;
                Node::Action(ast::Action { pos, pipe: self.pipeline("command", Kind::RightDelim)? })
            }
        };
        Ok(Piece::Node(node))
    }

    fn loop_exit(&mut self, word: &str) -> Result<()> {
        let token = self.next_non_space();
        if token.kind != Kind::RightDelim {
            return Err(self.unexpected(&token, word));
        }
        if self.scope.range_depth == 0 {
            return Err(self.error(format!("{word} outside {{{{range}}}}")));
        }
        Ok(())
    }

    fn else_action(&mut self) -> Result<Piece> {
        let peeked = self.peek_non_space();
        if !matches!(peeked.kind, Kind::If | Kind::With) {
            self.expect(Kind::RightDelim, "else")?;
        }
        Ok(Piece::Ending(Ending::Else))
    }

    /// Parses a control structure; a chain of `else if` is a loop here and nested branches in the tree.
    fn control(&mut self, control: Control) -> Result<Node> {
        self.enter()?;
        let mut chain: Vec<(ast::Pipe, Block, usize)> = Vec::new();
        let mut otherwise = None;
        loop {
            let mark = self.scope.variables.len();
            let pipe = self.pipeline(control.word(), Kind::RightDelim)?;
            self.scope.range_depth += usize::from(control == Control::Range);
            let (body, ending) = self.list()?;
            self.scope.range_depth -= usize::from(control == Control::Range);
            chain.push((pipe, body, mark));
            if let Ending::End = ending {
                break;
            }
            let follows = match control {
                Control::If => self.peek().kind == Kind::If,
                Control::With => self.peek().kind == Kind::With,
                Control::Range => false,
            };
            if follows {
                // The links of a chain are nested in the tree, if not on the stack here.
                if chain.len() >= self.nesting.saturating_mul(4) {
                    return Err(self.too_deep());
                }
                self.next();
                continue;
            }
            let (list, ending) = self.list()?;
            if let Ending::Else = ending {
                return Err(self.error("expected end; found {{else}}"));
            }
            otherwise = Some(list);
            break;
        }
        self.scope.depth -= 1;
        let mark = chain.first().map_or(1, |(_, _, mark)| *mark);
        self.scope.variables.truncate(mark);
        let mut node = None;
        for (pipe, body, _) in chain.into_iter().rev() {
            let rest = node.take().map(|node| Block(vec![node])).or(otherwise.take());
            node = Some(control.node(Branch { pipe, body, otherwise: rest }));
        }
        node.ok_or_else(|| self.error("unexpected EOF"))
    }

    fn block(&mut self) -> Result<Node> {
        let context = BLOCK;
        let token = self.next_non_space();
        let name = self.template_name(&token, context)?;
        let pipe = self.pipeline(context, Kind::RightDelim)?;
        self.definition_body(name.clone(), context)?;
        Ok(Node::Template(TemplateCall { pos: token.pos, name, pipe: Some(pipe) }))
    }

    fn template(&mut self) -> Result<Node> {
        let context = "template clause";
        let token = self.next_non_space();
        let name = self.template_name(&token, context)?;
        let mut pipe = None;
        if self.next_non_space().kind != Kind::RightDelim {
            self.backup();
            pipe = Some(self.pipeline(context, Kind::RightDelim)?);
        }
        Ok(Node::Template(TemplateCall { pos: token.pos, name, pipe }))
    }
}
