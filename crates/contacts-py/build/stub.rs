//! Parses the docstrings of a Python stub that ruff has formatted. Any other form is an error, so that
//! no text is lost.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Lines;

const QUOTES: &str = "\"\"\"";
const INDENT: usize = 4;

/// The docstrings by the name of the class, function or member, such as `Contact.from_dict`. An error
/// has the line number.
pub(crate) fn docstrings(stub: &str) -> Result<BTreeMap<String, String>, String> {
    let mut stub = Stub {
        lines: stub.lines().peekable(),
        number: 0,
    };
    let found = stub.docstrings();
    found.map_err(|message| format!("line {}: {message}", stub.number))
}

struct Stub<'a> {
    lines: Peekable<Lines<'a>>,
    /// The number of the last line, from 1.
    number: usize,
}

impl<'a> Stub<'a> {
    fn docstrings(&mut self) -> Result<BTreeMap<String, String>, &'static str> {
        let mut found = BTreeMap::new();
        let mut class = String::new();
        while let Some((indent, statement)) = self.statement()? {
            match indent {
                0 => class.clear(),
                INDENT if !class.is_empty() => {}
                _ => return Err("only members of a class may be indented"),
            }
            let is_class = statement.starts_with("class ");
            let name = if let Some(name) = named("def ", &statement) {
                match class.as_str() {
                    "" => name.to_owned(),
                    class => format!("{class}.{name}"),
                }
            } else if let Some(name) = named("class ", &statement) {
                if indent != 0 {
                    return Err("nested classes are not supported");
                }
                name.clone_into(&mut class);
                class.clone()
            } else if statement.ends_with(':') || statement.starts_with("async ") {
                return Err("only classes and functions are supported");
            } else if statement.starts_with('"') {
                return Err("a docstring outside of a class or function");
            } else {
                continue;
            };
            if statement.ends_with(": ...") {
                continue;
            }
            if !statement.ends_with(':') {
                return Err("a class or a function must end in `:` or `: ...`");
            }
            match self.docstring(indent + INDENT)? {
                Some(text) => {
                    if found.insert(name, text).is_some() {
                        return Err("duplicate name");
                    }
                }
                None if is_class => {}
                None => return Err("a function must start with a docstring"),
            }
        }
        if found.is_empty() {
            return Err("no docstrings");
        }
        Ok(found)
    }

    fn line(&mut self) -> Option<&'a str> {
        let line = self.lines.next()?;
        self.number += 1;
        Some(line)
    }

    /// The next statement with its indent, to the line where its brackets are closed.
    fn statement(&mut self) -> Result<Option<(usize, String)>, &'static str> {
        let is_blank = |line: &&str| matches!(line.trim_start().chars().next(), None | Some('#'));
        while self.lines.next_if(is_blank).is_some() {
            self.number += 1;
        }
        let Some(line) = self.line() else {
            return Ok(None);
        };
        let mut statement = line.trim_start().to_owned();
        let indent = line.len() - statement.len();
        while statement.matches(['(', '[', '{']).count()
            > statement.matches([')', ']', '}']).count()
        {
            statement += self.line().ok_or("a bracket is not closed")?;
        }
        if statement.contains(QUOTES) || statement.contains("'''") {
            return Err("a docstring must start a body, in `\"\"\"`");
        }
        Ok(Some((indent, statement)))
    }

    /// The docstring that starts in the next line, if there is one, as `inspect.cleandoc` returns it.
    fn docstring(&mut self, indent: usize) -> Result<Option<String>, &'static str> {
        let opening = format!("{:indent$}{QUOTES}", "");
        let Some(first) = self.lines.next_if(|line| line.starts_with(&opening)) else {
            return Ok(None);
        };
        self.number += 1;
        let mut text = String::new();
        let mut line = &first[opening.len()..];
        loop {
            if line.contains(['\\', '\t', '\0']) {
                return Err("a backslash or a control character in a docstring");
            }
            if let Some((last, rest)) = line.split_once(QUOTES) {
                if !rest.is_empty() {
                    return Err("a docstring must end its line");
                }
                text += last;
                return Ok(Some(cleaned(&text)));
            }
            text += line;
            text.push('\n');
            line = self.line().ok_or("a docstring is not closed")?;
        }
    }
}

/// The name after a keyword.
fn named<'a>(keyword: &str, statement: &'a str) -> Option<&'a str> {
    let name = statement.strip_prefix(keyword)?;
    name.split(['(', '[', ':']).next()
}

/// Without the indent that all lines but the first share, and without blank lines at either end.
fn cleaned(text: &str) -> String {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let filled = rest.lines().filter(|line| !line.trim().is_empty());
    let margin = filled
        .map(|line| line.len() - line.trim_start().len())
        .min();
    let mut clean = first.trim_start().to_owned();
    for line in rest.lines() {
        clean.push('\n');
        clean += line.get(margin.unwrap_or_default()..).unwrap_or_default();
    }
    clean.trim_matches('\n').to_owned()
}
