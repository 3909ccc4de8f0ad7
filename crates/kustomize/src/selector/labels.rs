//! Label expressions as Kubernetes reads them: `a=b, c in (d, e), !f, g > 1`.

use crate::error::{Error, ErrorKind, Result};
use ecow::EcoString;

/// Requirements that all have to hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct LabelSelector(Vec<Requirement>);

#[derive(Clone, Debug)]
struct Requirement {
    key: EcoString,
    operator: Operator,
    values: Vec<EcoString>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    Missing,
    Greater,
    Less,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    End,
    Symbol(&'static str),
    /// An identifier; `in` and `notin` too, which are operators where one is wanted.
    Word(EcoString),
    Bad(EcoString),
}

const SYMBOLS: [&str; 9] = ["==", "!=", ")", ",", "!", "=", ">", "<", "("];

impl LabelSelector {
    /// Parses an expression; the empty one selects everything.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let mut tokens = tokens(text);
        tokens.reverse();
        Parser { tokens }.selector().map_err(|message| Error::new(ErrorKind::Transformer, message))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether labels, given by a look-up, satisfy every requirement.
    pub(crate) fn matches(&self, get: &dyn Fn(&str) -> Option<EcoString>) -> bool {
        self.0.iter().all(|requirement| requirement.matches(get(&requirement.key)))
    }
}

impl Requirement {
    fn matches(&self, value: Option<EcoString>) -> bool {
        let number = |text: &str| text.parse::<i64>().ok();
        let limit = || self.values.first().and_then(|text| number(text));
        match (self.operator, value) {
            (Operator::In, value) => value.is_some_and(|value| self.values.contains(&value)),
            (Operator::NotIn, value) => value.is_none_or(|value| !self.values.contains(&value)),
            (Operator::Exists, value) => value.is_some(),
            (Operator::Missing, value) => value.is_none(),
            (Operator::Greater, value) => {
                value.and_then(|value| number(&value)).zip(limit()).is_some_and(|(a, b)| a > b)
            }
            (Operator::Less, value) => {
                value.and_then(|value| number(&value)).zip(limit()).is_some_and(|(a, b)| a < b)
            }
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text;
    let mut tokens = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.is_empty() {
            tokens.push(Token::End);
            return tokens;
        }
        if let Some((symbol, after)) = SYMBOLS.iter().find_map(|s| Some((*s, rest.strip_prefix(s)?))) {
            tokens.push(Token::Symbol(symbol));
            rest = after;
            continue;
        }
        let end = rest.find(|c: char| "=!(),>< \t\r\n".contains(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let bad = word.contains('\0');
        tokens.push(if bad { Token::Bad(word.into()) } else { Token::Word(word.into()) });
        rest = after;
    }
}

struct Parser {
    /// What is left, last first.
    tokens: Vec<Token>,
}

type Parsed<T> = std::result::Result<T, String>;

impl Parser {
    fn next(&mut self) -> Token {
        self.tokens.pop().unwrap_or(Token::End)
    }

    fn peek(&self) -> &Token {
        self.tokens.last().unwrap_or(&Token::End)
    }

    fn selector(mut self) -> Parsed<LabelSelector> {
        let mut requirements = Vec::new();
        loop {
            match self.peek() {
                Token::Word(_) | Token::Symbol("!") => {}
                Token::End => return Ok(LabelSelector(requirements)),
                other => {
                    return Err(format!(
                        "found '{}', expected: !, identifier, or 'end of string'",
                        show(other)
                    ));
                }
            }
            let requirement =
                self.requirement().map_err(|why| format!("unable to parse requirement: {why}"))?;
            requirements.push(requirement);
            match self.next() {
                Token::End => return Ok(LabelSelector(requirements)),
                Token::Symbol(",") => {
                    if !matches!(self.peek(), Token::Word(_) | Token::Symbol("!")) {
                        return Err(format!("found '{}', expected: identifier after ','", show(self.peek())));
                    }
                }
                other => {
                    return Err(format!("found '{}', expected: ',' or 'end of string'", show(&other)));
                }
            }
        }
    }

    fn requirement(&mut self) -> Parsed<Requirement> {
        let mut token = self.next();
        let negated = token == Token::Symbol("!");
        if negated {
            token = self.next();
        }
        let Token::Word(key) = token else {
            return Err(format!("found '{}', expected: identifier", show(&token)));
        };
        check_key(&key)?;
        let ends = matches!(self.peek(), Token::End | Token::Symbol(","));
        if negated || ends {
            let operator = if negated { Operator::Missing } else { Operator::Exists };
            return Ok(Requirement { key, operator, values: Vec::new() });
        }
        let (operator, values) = match self.next() {
            Token::Symbol("=" | "==") => (Operator::In, self.exact_value()?),
            Token::Symbol("!=") => (Operator::NotIn, self.exact_value()?),
            Token::Symbol(">") => (Operator::Greater, self.exact_value()?),
            Token::Symbol("<") => (Operator::Less, self.exact_value()?),
            Token::Word(word) if word == "in" => (Operator::In, self.values()?),
            Token::Word(word) if word == "notin" => (Operator::NotIn, self.values()?),
            other => {
                return Err(format!("found '{}', expected: '=', '!=', '==', 'in', notin'", show(&other)));
            }
        };
        let is_comparison = matches!(operator, Operator::Greater | Operator::Less);
        if is_comparison && values.iter().any(|value| value.parse::<i64>().is_err()) {
            return Err("for 'Gt', 'Lt' operators, the value must be an integer".to_owned());
        }
        values.iter().try_for_each(|value| check_value(&key, value))?;
        Ok(Requirement { key, operator, values })
    }

    fn exact_value(&mut self) -> Parsed<Vec<EcoString>> {
        if matches!(self.peek(), Token::End | Token::Symbol(",")) {
            return Ok(vec![EcoString::new()]);
        }
        match self.next() {
            Token::Word(value) => Ok(vec![value]),
            other => Err(format!("found '{}', expected: identifier", show(&other))),
        }
    }

    fn values(&mut self) -> Parsed<Vec<EcoString>> {
        let open = self.next();
        if open != Token::Symbol("(") {
            return Err(format!("found '{}' expected: '('", show(&open)));
        }
        let mut values = Vec::new();
        let mut current: Option<EcoString> = None;
        loop {
            match self.next() {
                Token::Word(word) if current.is_none() => current = Some(word),
                Token::Symbol(",") => values.push(current.take().unwrap_or_default()),
                Token::Symbol(")") => {
                    values.push(current.take().unwrap_or_default());
                    return Ok(values);
                }
                other => return Err(format!("found '{}', expected: ',' or ')'", show(&other))),
            }
        }
    }
}

fn show(token: &Token) -> &str {
    match token {
        Token::End => "",
        Token::Symbol(symbol) => symbol,
        Token::Word(word) | Token::Bad(word) => word,
    }
}

fn is_name(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.len() <= 63
        && edge(text.chars().next())
        && edge(text.chars().next_back())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn is_subdomain(text: &str) -> bool {
    let label = |part: &str| {
        let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        edge(part.chars().next())
            && edge(part.chars().next_back())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

fn check_key(key: &str) -> Parsed<()> {
    let valid = match key.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_name(name),
        None => is_name(key),
    };
    if valid { Ok(()) } else { Err(format!("invalid label key {key:?}")) }
}

fn check_value(key: &str, value: &str) -> Parsed<()> {
    if value.is_empty() || is_name(value) {
        return Ok(());
    }
    Err(format!("invalid label value: {value:?}: at key: {key:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(selector: &str, labels: &[(&str, &str)]) -> bool {
        let get = |key: &str| labels.iter().find(|(k, _)| *k == key).map(|(_, v)| EcoString::from(*v));
        LabelSelector::parse(selector).unwrap().matches(&get)
    }

    #[test]
    fn expressions_match() {
        let labels = [("app", "web"), ("tier", "3")];
        for yes in
            ["", "app=web", "app==web,tier", "app in (api, web)", "!x", "app!=api", "tier>2", "x notin (a)"]
        {
            assert!(matches(yes, &labels), "{yes}");
        }
        for no in ["app=api", "x", "!app", "tier<3", "app in (a,)", "app notin (web)"] {
            assert!(!matches(no, &labels), "{no}");
        }
        for bad in ["=a", "app in web", "app=a=b", "a,,b", "-x"] {
            assert!(LabelSelector::parse(bad).is_err(), "{bad}");
        }
    }
}
