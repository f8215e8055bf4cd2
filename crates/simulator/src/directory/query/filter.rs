//! `$filter`: an expression of OData as a tree.
//!
//! A parser of its own: the libraries that were looked at are for servers of tables, know neither lambdas nor `/$count`,
//! or are left alone for years.

use crate::clock;
use agentuser_core::ObjectId;

/// How deep expressions may nest, so that a hostile one can't exhaust the stack.
const DEPTH: usize = 32;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Compare {
        path: Path,
        op: Op,
        value: Literal,
    },
    In {
        path: Path,
        values: Vec<Literal>,
    },
    Text {
        path: Path,
        function: Function,
        value: String,
    },
    /// `path/$count op number`.
    Count {
        path: Path,
        op: Op,
        value: i64,
    },
    /// `path/any(x:…)`; without a body, whether there is any.
    Any {
        path: Path,
        body: Option<Box<Expr>>,
    },
    All {
        path: Path,
        body: Box<Expr>,
    },
    /// A property by itself, which must be true.
    Is(Path),
    IsOf(String),
}

/// A path to a value. In a lambda it begins at the range variable, whose name is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Path(pub(crate) Vec<String>);

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Ge,
    Gt,
    Le,
    Lt,
}

/// A function of a text that answers yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

impl Function {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Contains => "contains",
        }
    }
}

/// A value in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Text(String),
    Number(i64),
    Guid(ObjectId),
    /// Milliseconds since 1970.
    Date(i64),
}

/// Why an expression can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is not OData.
    Syntax(String),
    /// It is OData that the simulator does not know.
    Unknown(String),
}

impl Expr {
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let mut parser = Parser { tokens: tokens(text)?, at: 0, variables: Vec::new(), depth: 0 };
        let expr = parser.or()?;
        match parser.peek() {
            Token::End => Ok(expr),
            other => Err(unexpected(other)),
        }
    }

    /// The text that the property must equal wherever the expression is true, so that an index can be asked.
    pub(crate) fn equal_text(&self, property: &str) -> Option<&str> {
        match self {
            Self::Compare { path: Path(path), op: Op::Eq, value: Literal::Text(text) } => {
                (path.len() == 1 && path.first().is_some_and(|name| name == property)).then_some(text)
            }
            Self::And(all) => all.iter().find_map(|one| one.equal_text(property)),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A name, a keyword or a literal without quotes.
    Word(String),
    Text(String),
    Open,
    Close,
    Comma,
    Colon,
    End,
}

fn unexpected(token: &Token) -> Unreadable {
    Unreadable::Syntax(match token {
        Token::Word(word) => format!("Syntax error: '{word}' is not expected here."),
        Token::Text(text) => format!("Syntax error: the text '{text}' is not expected here."),
        Token::Open => "Syntax error: '(' is not expected here.".to_owned(),
        Token::Close => "Syntax error: ')' is not expected here.".to_owned(),
        Token::Comma => "Syntax error: ',' is not expected here.".to_owned(),
        Token::Colon => "Syntax error: ':' is not expected here.".to_owned(),
        Token::End => "Syntax error: the expression ends too early.".to_owned(),
    })
}

fn tokens(text: &str) -> Result<Vec<Token>, Unreadable> {
    let mut found = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            c if c.is_whitespace() => {}
            '(' => found.push(Token::Open),
            ')' => found.push(Token::Close),
            ',' => found.push(Token::Comma),
            ':' => found.push(Token::Colon),
            '\'' => {
                let mut value = String::new();
                loop {
                    match rest.next() {
                        None => {
                            return Err(Unreadable::Syntax(
                                "There is an unterminated string literal.".to_owned(),
                            ));
                        }
                        Some('\'') if rest.next_if_eq(&'\'').is_none() => break,
                        Some(c) => value.push(c),
                    }
                }
                found.push(Token::Text(value));
            }
            c if is_word(c) => {
                let mut word = String::from(c);
                // A date and a time have colons; the variable of a lambda ends with one.
                while let Some(c) = rest.next_if(|next| {
                    is_word(*next) || *next == ':' && word.starts_with(|c: char| c.is_ascii_digit())
                }) {
                    word.push(c);
                }
                found.push(Token::Word(word));
            }
            c => return Err(Unreadable::Syntax(format!("Syntax error: character '{c}' is not valid here."))),
        }
    }
    Ok(found)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_./$#@+-".contains(c)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// The range variables of the lambdas around this place.
    variables: Vec<String>,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), Unreadable> {
        let token = self.next();
        if token == *wanted { Ok(()) } else { Err(unexpected(&token)) }
    }

    /// Takes a keyword, which may be written in any letter case.
    fn take(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(next) if next.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn or(&mut self) -> Result<Expr, Unreadable> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Unreadable::Syntax("The expression nests too deep.".to_owned()));
        }
        let mut all = vec![self.and()?];
        while self.take("or") {
            all.push(self.and()?);
        }
        self.depth -= 1;
        Ok(single(all, Expr::Or))
    }

    fn and(&mut self) -> Result<Expr, Unreadable> {
        let mut all = vec![self.unary()?];
        while self.take("and") {
            all.push(self.unary()?);
        }
        Ok(single(all, Expr::And))
    }

    fn unary(&mut self) -> Result<Expr, Unreadable> {
        let mut negations = 0_usize;
        while self.take("not") {
            negations += 1;
        }
        // `not` binds tighter than a comparison: `not a eq b` is `(not a) eq b`, which compares a truth.
        let expr = self.primary(negations > 0)?;
        Ok((0..negations).fold(expr, |expr, _| Expr::Not(Box::new(expr))))
    }

    fn primary(&mut self, negated: bool) -> Result<Expr, Unreadable> {
        match self.next() {
            Token::Open => {
                let expr = self.or()?;
                self.expect(&Token::Close)?;
                Ok(expr)
            }
            Token::Word(word) if *self.peek() == Token::Open => self.call(&word),
            Token::Word(word) if literal(&word).is_none() => self.comparison(&word, negated),
            Token::Word(_) | Token::Text(_) => {
                Err(Unreadable::Unknown("a $filter that begins with a value".to_owned()))
            }
            other => Err(unexpected(&other)),
        }
    }

    fn comparison(&mut self, word: &str, negated: bool) -> Result<Expr, Unreadable> {
        if let Some(collection) = word.strip_suffix("/$count") {
            let path = self.path(collection)?;
            let op = self.operator()?.ok_or_else(|| unexpected(&Token::End))?;
            return match self.value()? {
                Literal::Number(value) => Ok(Expr::Count { path, op, value }),
                _ => Err(Unreadable::Syntax("$count is compared with a number.".to_owned())),
            };
        }
        let path = self.path(word)?;
        if negated {
            return Ok(Expr::Is(path));
        }
        if self.take("in") {
            self.expect(&Token::Open)?;
            let mut values = vec![self.value()?];
            while *self.peek() == Token::Comma {
                self.at += 1;
                values.push(self.value()?);
            }
            self.expect(&Token::Close)?;
            return Ok(Expr::In { path, values });
        }
        match self.operator()? {
            Some(op) => Ok(Expr::Compare { path, op, value: self.value()? }),
            None => Ok(Expr::Is(path)),
        }
    }

    fn operator(&mut self) -> Result<Option<Op>, Unreadable> {
        for (word, op) in
            [("eq", Op::Eq), ("ne", Op::Ne), ("ge", Op::Ge), ("gt", Op::Gt), ("le", Op::Le), ("lt", Op::Lt)]
        {
            if self.take(word) {
                return Ok(Some(op));
            }
        }
        match self.peek() {
            Token::Word(word)
                if ["has", "add", "sub", "mul", "div", "mod"].contains(&word.to_lowercase().as_str()) =>
            {
                Err(Unreadable::Unknown(format!("the operator {word} in $filter")))
            }
            _ => Ok(None),
        }
    }

    /// A function, or a lambda at the end of a path.
    fn call(&mut self, word: &str) -> Result<Expr, Unreadable> {
        if let Some((collection, name)) = word.rsplit_once('/') {
            return self.lambda(collection, name);
        }
        self.expect(&Token::Open)?;
        let function = match word.to_lowercase().as_str() {
            "startswith" => Function::StartsWith,
            "endswith" => Function::EndsWith,
            "contains" => Function::Contains,
            "isof" => {
                let name = match self.next() {
                    Token::Text(name) | Token::Word(name) => name,
                    other => return Err(unexpected(&other)),
                };
                self.expect(&Token::Close)?;
                return Ok(Expr::IsOf(name));
            }
            _ => return Err(Unreadable::Unknown(format!("the function {word} in $filter"))),
        };
        let path = match self.next() {
            Token::Word(word) if *self.peek() == Token::Comma => self.path(&word)?,
            Token::Word(word) if *self.peek() == Token::Open => {
                return Err(Unreadable::Unknown(format!("the function {word} in $filter")));
            }
            other => return Err(unexpected(&other)),
        };
        self.expect(&Token::Comma)?;
        let value = match self.next() {
            Token::Text(value) => value,
            other => return Err(unexpected(&other)),
        };
        self.expect(&Token::Close)?;
        Ok(Expr::Text { path, function, value })
    }

    fn lambda(&mut self, collection: &str, name: &str) -> Result<Expr, Unreadable> {
        let path = self.path(collection)?;
        self.expect(&Token::Open)?;
        let is_any = name.eq_ignore_ascii_case("any");
        if is_any && *self.peek() == Token::Close {
            self.at += 1;
            return Ok(Expr::Any { path, body: None });
        }
        let Token::Word(variable) = self.next() else {
            return Err(Unreadable::Syntax(format!("{name} needs a range variable.")));
        };
        self.expect(&Token::Colon)?;
        self.variables.push(variable);
        let body = Box::new(self.or()?);
        self.variables.pop();
        self.expect(&Token::Close)?;
        match name.to_lowercase().as_str() {
            "any" => Ok(Expr::Any { path, body: Some(body) }),
            "all" => Ok(Expr::All { path, body }),
            _ => Err(Unreadable::Unknown(format!("the function {name} in $filter"))),
        }
    }

    fn path(&self, word: &str) -> Result<Path, Unreadable> {
        let mut segments: Vec<String> = word.split('/').map(str::to_owned).collect();
        if let Some(variable) = self.variables.last() {
            if segments.first() != Some(variable) {
                return Err(Unreadable::Unknown(
                    "a property of the object within a lambda of $filter".to_owned(),
                ));
            }
            segments.remove(0);
        }
        let sound = |segment: &String| {
            segment.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && segment.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
        };
        if segments.iter().all(sound) {
            Ok(Path(segments))
        } else {
            Err(Unreadable::Syntax(format!("Syntax error: '{word}' is not a property.")))
        }
    }

    fn value(&mut self) -> Result<Literal, Unreadable> {
        match self.next() {
            Token::Text(text) => Ok(Literal::Text(text)),
            Token::Word(word) if *self.peek() != Token::Open => {
                literal(&word).ok_or_else(|| unexpected(&Token::Word(word)))
            }
            Token::Word(word) => Err(Unreadable::Unknown(format!("the function {word} in $filter"))),
            other => Err(unexpected(&other)),
        }
    }
}

fn single(mut all: Vec<Expr>, many: fn(Vec<Expr>) -> Expr) -> Expr {
    match all.pop() {
        Some(one) if all.is_empty() => one,
        Some(last) => {
            all.push(last);
            many(all)
        }
        None => many(all),
    }
}

/// A literal without quotes.
fn literal(word: &str) -> Option<Literal> {
    match word.to_lowercase().as_str() {
        "true" => return Some(Literal::Bool(true)),
        "false" => return Some(Literal::Bool(false)),
        "null" => return Some(Literal::Null),
        _ => {}
    }
    if word.len() == 36
        && let Ok(id) = word.parse()
    {
        return Some(Literal::Guid(id));
    }
    word.parse().ok().map(Literal::Number).or_else(|| clock::parse(word).map(Literal::Date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Expr {
        Expr::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
    }

    fn path(text: &str) -> Path {
        Path(if text.is_empty() { Vec::new() } else { text.split('/').map(str::to_owned).collect() })
    }

    fn eq(name: &str, value: &str) -> Expr {
        Expr::Compare { path: path(name), op: Op::Eq, value: Literal::Text(value.to_owned()) }
    }

    #[test]
    fn and_binds_tighter_than_or_and_not_tighter_than_both() {
        let both = Expr::Or(vec![eq("a", "1"), Expr::And(vec![eq("b", "2"), eq("c", "3")])]);
        assert_eq!(parse("a eq '1' or b eq '2' AND c eq '3'"), both);
        assert_eq!(
            parse("(a eq '1' or b eq '2') and c eq '3'"),
            Expr::And(vec![Expr::Or(vec![eq("a", "1"), eq("b", "2")]), eq("c", "3")])
        );
        assert_eq!(
            parse("not(a eq '1') and not not (b eq '2')"),
            Expr::And(vec![
                Expr::Not(Box::new(eq("a", "1"))),
                Expr::Not(Box::new(Expr::Not(Box::new(eq("b", "2"))))),
            ])
        );
        assert!(
            matches!(parse("NOT startsWith(a,'x')"), Expr::Not(one) if matches!(*one, Expr::Text { .. }))
        );
        assert!(Expr::parse("not a eq '1'").is_err(), "not a truth");
    }

    #[test]
    fn every_kind_of_literal() {
        let value = |text: &str| match parse(&format!("a eq {text}")) {
            Expr::Compare { value, .. } => value,
            other => panic!("{other:?}"),
        };
        assert_eq!(value("'O''Neil and '"), Literal::Text("O'Neil and ".into()));
        assert_eq!(value("''''"), Literal::Text("'".into()));
        assert_eq!(value("TRUE"), Literal::Bool(true));
        assert_eq!(value("null"), Literal::Null);
        assert_eq!(value("-5"), Literal::Number(-5));
        assert_eq!(value("2026-01-01"), Literal::Date(1_767_225_600_000));
        assert_eq!(value("2026-01-01T01:00:00+01:00"), Literal::Date(1_767_225_600_000));
        assert!(matches!(value("184efa21-98c3-4e5d-95ab-d07053a96e67"), Literal::Guid(_)));
    }

    #[test]
    fn lambdas_counts_types_and_lists() {
        let id = Literal::Guid("184efa21-98c3-4e5d-95ab-d07053a96e67".parse().unwrap());
        assert_eq!(
            parse("assignedLicenses/any(x:x/skuId eq 184efa21-98c3-4e5d-95ab-d07053a96e67)"),
            Expr::Any {
                path: path("assignedLicenses"),
                body: Some(Box::new(Expr::Compare { path: path("skuId"), op: Op::Eq, value: id }))
            }
        );
        let starts = Expr::Text { path: path(""), function: Function::StartsWith, value: "smtp:".into() };
        assert_eq!(
            parse("proxyAddresses/any (p:startswith(p, 'smtp:'))"),
            Expr::Any { path: path("proxyAddresses"), body: Some(Box::new(starts)) }
        );
        assert_eq!(
            parse("assignedLicenses/$count ne 0"),
            Expr::Count { path: path("assignedLicenses"), op: Op::Ne, value: 0 }
        );
        assert_eq!(
            parse("id in ('a', null)"),
            Expr::In { path: path("id"), values: vec![Literal::Text("a".into()), Literal::Null] }
        );
        assert_eq!(parse("not isof('microsoft.graph.agentUser')"), {
            Expr::Not(Box::new(Expr::IsOf("microsoft.graph.agentUser".into())))
        });
        assert_eq!(parse("accountEnabled"), Expr::Is(path("accountEnabled")));
    }

    #[test]
    fn broken_expressions_are_refused() {
        for text in [
            "",
            "a eq",
            "a eq 'x",
            "a eq 'x' 'y'",
            "a eq 'x')",
            "(a eq 'x'",
            "a eq yes",
            "a eq 'x' and",
            "startsWith(a,true)",
            "startsWith(a,'x'",
            "a/any(x)",
            "a/any(x:)",
            "a/$count eq 'x'",
            "id in ()",
            "id in 'a'",
            "a ! b",
            &"(".repeat(100),
        ] {
            assert!(
                matches!(Expr::parse(text), Err(Unreadable::Syntax(_))),
                "{text}: {:?}",
                Expr::parse(text)
            );
        }
        for text in
            ["tolower(a) eq 'x'", "'x' eq a", "a has 'x'", "a/any(x:b eq 'c')", "startsWith(tolower(a),'x')"]
        {
            assert!(matches!(Expr::parse(text), Err(Unreadable::Unknown(_))), "{text}");
        }
    }

    #[test]
    fn an_index_is_asked_only_where_equality_must_hold() {
        let equal = |text: &str| parse(text).equal_text("upn").map(str::to_owned);
        assert_eq!(equal("upn eq 'a'"), Some("a".into()));
        assert_eq!(equal("b eq 'c' and (d eq 'e' and upn eq 'a')"), Some("a".into()));
        assert_eq!(equal("upn eq 'a' or b eq 'c'"), None);
        assert_eq!(equal("not (upn eq 'a')"), None);
        assert_eq!(equal("upn ne 'a'"), None);
    }
}
