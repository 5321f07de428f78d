//! The grammar of PC-Axis: `KEYWORD[language]("key","key")=value,value;`, up to the keyword DATA. Texts may continue in
//! a new pair of quotes, also over lines.

use super::super::FormatError;

/// A piece of the right side of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Quoted text.
    Text(String),
    /// Anything without quotes: `YES`, `TLIST`, `A1`, `-5`.
    Word(String),
    Open,
    Close,
    Comma,
    /// Between the ends of a range.
    Dash,
}

/// One statement before DATA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// Upper case.
    pub(super) keyword: String,
    pub(super) language: Option<String>,
    pub(super) keys: Vec<String>,
    pub(super) tokens: Vec<Token>,
    /// Line of the keyword, from 1.
    pub(super) line: usize,
}

impl Statement {
    /// The texts and words, without the signs between them.
    pub(super) fn values(&self) -> Vec<&str> {
        self.tokens
            .iter()
            .filter_map(|token| match token {
                Token::Text(text) | Token::Word(text) => Some(text.trim()),
                Token::Open | Token::Close | Token::Comma | Token::Dash => None,
            })
            .collect()
    }

    /// The name as it stands in the file: `VALUES("region")`.
    pub(super) fn name(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(|k| format!("\"{k}\"")).collect();
        if keys.is_empty() { self.keyword.clone() } else { format!("{}({})", self.keyword, keys.join(",")) }
    }
}

/// A file cut into statements and the text after `DATA=`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub(super) statements: Vec<Statement>,
    /// Text after `DATA=`; `None` if the keyword is missing.
    pub(super) data: Option<&'a str>,
    /// Line on which `data` begins, or the last line of the file.
    pub(super) data_line: usize,
}

/// Cuts a file into its parts.
///
/// # Errors
/// A statement that does not follow the grammar.
pub(super) fn split(text: &str) -> Result<Parts<'_>, FormatError> {
    let mut scanner = Scanner { text, at: 0, line: 1 };
    let mut statements = Vec::new();
    loop {
        scanner.skip_blanks();
        if scanner.rest().is_empty() {
            return Ok(Parts { statements, data: None, data_line: scanner.line });
        }
        let line = scanner.line;
        let keyword = scanner.keyword()?;
        let language = scanner.language(&keyword)?;
        let keys = scanner.keys(&keyword)?;
        scanner.skip_blanks();
        scanner.expect('=', &keyword)?;
        if keyword == "DATA" {
            return Ok(Parts { statements, data: Some(scanner.rest()), data_line: scanner.line });
        }
        let tokens = scanner.tokens(&keyword, ';')?;
        statements.push(Statement { keyword, language, keys, tokens, line });
    }
}

/// The error at a line of a PC-Axis file.
pub(super) fn error(line: usize, message: String, hint: &str) -> FormatError {
    FormatError { format: "PC-Axis", at: format!("line {line}"), message, hint: hint.to_owned() }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

/// White space, and the end marks that old systems append.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\0' | '\u{1A}' | '\u{FEFF}')
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let taken = &self.rest()[..bytes];
        self.line += taken.bytes().filter(|b| *b == b'\n').count();
        self.at += bytes;
        taken
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.take(rest.len() - rest.trim_start_matches(is_blank).len());
    }

    fn keyword(&mut self) -> Result<String, FormatError> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
        if end == 0 {
            let found: String = rest.chars().take(20).collect();
            let message = format!("expected a keyword, found \"{}\"", found.escape_debug());
            return Err(error(self.line, message, "Check for a missing semicolon or quote in the statement before."));
        }
        Ok(self.take(end).to_ascii_uppercase())
    }

    fn language(&mut self, keyword: &str) -> Result<Option<String>, FormatError> {
        self.skip_blanks();
        let Some(inside) = self.rest().strip_prefix('[') else { return Ok(None) };
        let Some(end) = inside.find([']', ';', '\n']).filter(|at| inside[*at..].starts_with(']')) else {
            let message = format!("the language of {keyword} is never closed by \"]\"");
            return Err(error(self.line, message, "Write the language as in TITLE[en]=\"…\";"));
        };
        let language = inside[..end].trim().trim_matches('"').to_owned();
        self.take(end + 2);
        Ok(Some(language))
    }

    fn keys(&mut self, keyword: &str) -> Result<Vec<String>, FormatError> {
        self.skip_blanks();
        if self.peek() != Some('(') {
            return Ok(Vec::new());
        }
        self.take(1);
        let tokens = self.tokens(keyword, ')')?;
        let keys = tokens.into_iter().filter_map(|token| match token {
            Token::Text(text) | Token::Word(text) => Some(text.trim().to_owned()),
            Token::Open | Token::Close | Token::Comma | Token::Dash => None,
        });
        Ok(keys.collect())
    }

    fn expect(&mut self, sign: char, keyword: &str) -> Result<(), FormatError> {
        match self.peek() {
            Some(c) if c == sign => {
                self.take(sign.len_utf8());
                Ok(())
            }
            found => {
                let found = found.map_or("the end of the file".to_owned(), |c| format!("\"{}\"", c.escape_debug()));
                let message = format!("expected \"{sign}\" after {keyword}, found {found}");
                Err(error(self.line, message, "A statement is written KEYWORD(\"key\")=\"value\";"))
            }
        }
    }

    /// Tokens up to and without the closing sign.
    fn tokens(&mut self, keyword: &str, close: char) -> Result<Vec<Token>, FormatError> {
        let opened = self.line;
        let mut tokens: Vec<Token> = Vec::new();
        loop {
            self.skip_blanks();
            let Some(c) = self.peek() else {
                let message = format!("{keyword} is never closed by \"{close}\"");
                return Err(error(opened, message, "Check that the file was downloaded whole."));
            };
            match c {
                _ if c == close => {
                    self.take(1);
                    return Ok(tokens);
                }
                '"' => {
                    let text = self.quoted(keyword)?;
                    match tokens.last_mut() {
                        Some(Token::Text(before)) => before.push_str(&text),
                        _ => tokens.push(Token::Text(text)),
                    }
                }
                ',' => tokens.push(self.sign(Token::Comma)),
                '(' => tokens.push(self.sign(Token::Open)),
                ')' => tokens.push(self.sign(Token::Close)),
                '-' if self.rest()[1..].starts_with(|c: char| c == '"' || is_blank(c)) => {
                    tokens.push(self.sign(Token::Dash));
                }
                _ => {
                    let ends = |c: char| is_blank(c) || matches!(c, ',' | '(' | ')' | '"' | ';');
                    let end = self.rest().find(ends).unwrap_or(self.rest().len()).max(c.len_utf8());
                    let word = self.take(end).to_owned();
                    tokens.push(Token::Word(word));
                }
            }
        }
    }

    fn sign(&mut self, token: Token) -> Token {
        self.take(1);
        token
    }

    fn quoted(&mut self, keyword: &str) -> Result<String, FormatError> {
        let opened = self.line;
        self.take(1);
        let Some(end) = self.rest().find('"') else {
            let message = format!("a quote of {keyword} is opened and never closed");
            return Err(error(opened, message, "Close the quote; check that the file was downloaded whole."));
        };
        let text = self.take(end).replace(['\r', '\n'], "");
        self.take(1);
        Ok(text)
    }
}
