//! Pipelines: declarations, commands, operands.

use super::ast::{Call, Chain, Command, Expr, Path, Pipe, Quoted};
use super::lex::{Kind, Token};
use super::{Number, Parser, Result};
use crate::go::quote::{quote_str, unquote};
use ecow::EcoString;

impl<'a> Parser<'a> {
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipe> {
        let pos = self.peek_non_space().pos;
        let mut pipe = Pipe { pos, assign: false, declared: Vec::new(), commands: Vec::new() };
        while self.peek_non_space().kind == Kind::Variable {
            if !self.declaration(&mut pipe, context)? {
                break;
            }
        }
        loop {
            let token = self.next_non_space();
            match token.kind {
                kind if kind == end => {
                    self.check(&pipe, context)?;
                    return Ok(pipe);
                }
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.backup();
                    let command = self.command()?;
                    pipe.commands.push(command);
                }
                _ => return Err(self.unexpected(&token, context)),
            }
        }
    }

    /// Reads `$x :=`, `$x =` or `$x,` if that is what follows; true if another variable may come.
    fn declaration(&mut self, pipe: &mut Pipe, context: &str) -> Result<bool> {
        let variable = self.next_non_space();
        // Three tokens of look-ahead tell `$x :=` from `$x foo`.
        let after = self.peek();
        let next = self.peek_non_space();
        if matches!(next.kind, Kind::Assign | Kind::Declare) {
            pipe.assign = next.kind == Kind::Assign;
            self.next_non_space();
            self.declare(pipe, &variable);
        } else if next.kind == Kind::Char && next.text == "," {
            self.next_non_space();
            self.declare(pipe, &variable);
            if context == "range" && pipe.declared.len() < 2 {
                return match self.peek_non_space().kind {
                    Kind::Variable | Kind::RightDelim | Kind::RightParen => Ok(true),
                    _ => Err(self.error("range can only initialize variables")),
                };
            }
            return Err(self.error(format!("too many declarations in {context}")));
        } else if after.kind == Kind::Space {
            self.backup3(variable, after);
        } else {
            self.backup2(variable);
        }
        Ok(false)
    }

    fn declare(&mut self, pipe: &mut Pipe, variable: &Token<'a>) {
        let name = EcoString::from(variable.text.as_ref());
        pipe.declared.push(name.clone());
        self.scope.variables.push(name);
    }

    fn check(&mut self, pipe: &Pipe, context: &str) -> Result<()> {
        if pipe.commands.is_empty() {
            return Err(self.error(format!("missing value for {context}")));
        }
        let constant = |expr: Option<&Expr>| {
            matches!(
                expr,
                Some(Expr::Bool(..) | Expr::Dot(_) | Expr::Nil(_) | Expr::Number(_) | Expr::String(_))
            )
        };
        let bad = pipe.commands.iter().skip(1).position(|command| constant(command.args.first()));
        match bad {
            Some(position) => {
                Err(self.error(format!("non executable command in pipeline stage {}", position + 2)))
            }
            None => Ok(()),
        }
    }

    fn command(&mut self) -> Result<Command> {
        let mut command = Command { pos: self.peek_non_space().pos, args: Vec::new() };
        loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                command.args.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.backup(),
                Kind::Pipe => {}
                _ => return Err(self.unexpected(&token, "operand")),
            }
            break;
        }
        if command.args.is_empty() {
            return Err(self.error("empty command"));
        }
        Ok(command)
    }

    fn operand(&mut self) -> Result<Option<Expr>> {
        let Some(term) = self.term()? else { return Ok(None) };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(term));
        }
        let mut fields = Vec::new();
        while self.peek().kind == Kind::Field {
            let field = self.next();
            fields.push(EcoString::from(field.text.strip_prefix('.').unwrap_or(&field.text)));
        }
        Ok(Some(match term {
            Expr::Field(path) => Expr::Field(extended(path, first.pos, fields)),
            Expr::Variable(path) => Expr::Variable(extended(path, first.pos, fields)),
            Expr::Bool(..) | Expr::String(_) | Expr::Number(_) | Expr::Nil(_) | Expr::Dot(_) => {
                let term = quote_str(&term.to_string());
                return Err(self.error(format!("unexpected . after term {term}")));
            }
            node => Expr::Chain(Chain { pos: first.pos, node: Box::new(node), fields }),
        }))
    }

    fn term(&mut self) -> Result<Option<Expr>> {
        let token = self.next_non_space();
        let pos = token.pos;
        Ok(Some(match token.kind {
            Kind::Identifier => {
                let Some(function) = self.functions.get(&token.text) else {
                    return Err(self.error(format!("function {} not defined", quote_str(&token.text))));
                };
                Expr::Function(Call { pos, name: token.text.as_ref().into(), function: function.clone() })
            }
            Kind::Dot => Expr::Dot(pos),
            Kind::Nil => Expr::Nil(pos),
            Kind::Variable => {
                if !self.scope.variables.iter().any(|name| *name == *token.text) {
                    return Err(self.error(format!("undefined variable {}", quote_str(&token.text))));
                }
                Expr::Variable(Path { pos, names: vec![token.text.as_ref().into()] })
            }
            Kind::Field => {
                let name = token.text.strip_prefix('.').unwrap_or(&token.text);
                Expr::Field(Path { pos, names: vec![name.into()] })
            }
            Kind::Bool => Expr::Bool(pos, token.text == "true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => Expr::Number(
                Number::parse(pos, &token.text, token.kind).map_err(|message| self.error(message))?,
            ),
            Kind::LeftParen => {
                self.enter()?;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.scope.depth -= 1;
                Expr::Pipe(Box::new(pipe))
            }
            Kind::String | Kind::RawString => {
                let text = unquote(&token.text).ok_or_else(|| self.error("invalid syntax"))?;
                Expr::String(Quoted { pos, quoted: token.text.as_ref().into(), text })
            }
            _ => {
                self.backup();
                return Ok(None);
            }
        }))
    }
}

fn extended(mut path: Path, pos: usize, fields: Vec<EcoString>) -> Path {
    path.names.extend(fields);
    path.pos = pos;
    path
}
