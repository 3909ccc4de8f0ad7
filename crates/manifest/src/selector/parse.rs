//! The string form of selectors: `a=b, c in (d,e), !f`.

use super::{Operator, Requirement, Selector, SelectorError};
use ecow::EcoString;
use std::str::FromStr;

impl FromStr for Selector {
    type Err = SelectorError;

    /// Reads the string form, as `kubectl -l` and kustomize's `labelSelector` have it.
    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let requirements = Parser { tokens: tokens(text), next: 0 }.selector();
        let mut requirements = requirements
            .map_err(|error| SelectorError::new(format!("unable to parse requirement: {}", error.message)))?;
        requirements.sort_by(|a, b| a.key().cmp(b.key()));
        Ok(Self(requirements))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Symbol(&'a str),
    End,
}

impl<'a> Token<'a> {
    fn text(self) -> &'a str {
        match self {
            Self::Word(text) | Self::Symbol(text) => text,
            Self::End => "",
        }
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.is_empty() {
            return tokens;
        }
        let symbol = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"].iter().find(|s| rest.starts_with(**s));
        let length = match symbol {
            Some(symbol) => symbol.len(),
            None => {
                rest.find([' ', '\t', '\r', '\n', '=', '!', '(', ')', ',', '>', '<']).unwrap_or(rest.len())
            }
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        tokens.push(if symbol.is_some() { Token::Symbol(token) } else { Token::Word(token) });
        rest = after;
    }
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Token<'a> {
        self.tokens.get(self.next).copied().unwrap_or(Token::End)
    }

    fn take(&mut self) -> Token<'a> {
        let token = self.peek();
        self.next += 1;
        token
    }

    fn selector(mut self) -> Result<Vec<Requirement>, SelectorError> {
        let mut requirements = Vec::new();
        match self.peek() {
            Token::End => return Ok(requirements),
            Token::Word(_) | Token::Symbol("!") => {}
            other => return Err(unexpected(other, "!, identifier, or 'end of string'")),
        }
        loop {
            requirements.push(self.requirement()?);
            match self.take() {
                Token::End => return Ok(requirements),
                Token::Symbol(",") => {}
                other => return Err(unexpected(other, "',' or 'end of string'")),
            }
            match self.peek() {
                Token::Word(_) | Token::Symbol("!") => {}
                other => return Err(unexpected(other, "identifier after ','")),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, SelectorError> {
        let negated = self.peek() == Token::Symbol("!");
        if negated {
            self.take();
        }
        let key: EcoString = match self.take() {
            Token::Word(key) => key.into(),
            other => return Err(unexpected(other, "identifier")),
        };
        if negated {
            return Requirement::new(key, Operator::DoesNotExist, Vec::new());
        }
        if matches!(self.peek(), Token::End | Token::Symbol(",")) {
            return Requirement::new(key, Operator::Exists, Vec::new());
        }
        let operator = match self.take() {
            Token::Word("in") => Operator::In,
            Token::Word("notin") => Operator::NotIn,
            Token::Symbol("=" | "==") => Operator::Equals,
            Token::Symbol("!=") => Operator::NotEquals,
            Token::Symbol(">") => Operator::GreaterThan,
            Token::Symbol("<") => Operator::LessThan,
            other => return Err(unexpected(other, "in, notin, =, ==, !=, gt, lt")),
        };
        let values = match operator {
            Operator::In | Operator::NotIn => self.values()?,
            _ => vec![self.exact_value()?],
        };
        Requirement::new(key, operator, values)
    }

    fn exact_value(&mut self) -> Result<EcoString, SelectorError> {
        match self.peek() {
            Token::End | Token::Symbol(",") => Ok(EcoString::new()),
            Token::Word(value) => {
                self.take();
                Ok(value.into())
            }
            other => Err(unexpected(other, "identifier")),
        }
    }

    /// `(a,b)`; an empty place counts as the empty value.
    fn values(&mut self) -> Result<Vec<EcoString>, SelectorError> {
        match self.take() {
            Token::Symbol("(") => {}
            other => return Err(unexpected(other, "'('")),
        }
        let mut values: Vec<EcoString> = Vec::new();
        loop {
            let value = match self.peek() {
                Token::Word(value) => {
                    self.take();
                    value
                }
                Token::Symbol("," | ")") => "",
                other => return Err(unexpected(other, "',', ')' or identifier")),
            };
            if !values.iter().any(|seen| seen == value) {
                values.push(value.into());
            }
            match self.take() {
                Token::Symbol(",") => {}
                Token::Symbol(")") => return Ok(values),
                other => return Err(unexpected(other, "',' or ')'")),
            }
        }
    }
}

fn unexpected(found: Token<'_>, expected: &str) -> SelectorError {
    SelectorError::new(format!("found '{}', expected: {expected}", found.text()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<Selector>()
            .map_or_else(|error| format!("error: {error}"), |selector| selector.to_string())
    }

    #[test]
    fn reads_and_prints() {
        for (text, printed) in [
            ("", ""),
            ("a", "a"),
            ("!a", "!a"),
            ("b==2,a=1", "a=1,b=2"),
            ("a in (z, b)", "a in (b,z)"),
            ("a notin (b,)", "a notin (,b)"),
            ("a in ()", "a in ()"),
            ("a=", "a="),
            ("a>5 , b<3", "a>5,b<3"),
            ("example.com/app!=x", "example.com/app!=x"),
        ] {
            assert_eq!(read(text), printed, "{text}");
        }
    }

    #[test]
    fn refuses_with_a_reason() {
        for (text, part) in [
            ("a,", "expected: identifier after ','"),
            ("=a", "expected: !, identifier, or 'end of string'"),
            ("a b", "expected: in, notin"),
            ("a in b", "expected: '('"),
            ("a in (b", "expected: ',' or ')'"),
            ("!a=b", "expected: ',' or 'end of string'"),
            ("a>x", "the value must be an integer"),
            ("-a", "name part must consist of"),
            ("A/b/c", "a valid label key"),
            ("/b", "prefix part must be non-empty"),
            ("a=-", "a valid label must be an empty string or"),
        ] {
            assert!(read(text).contains(part), "{text}: {}", read(text));
        }
    }
}
