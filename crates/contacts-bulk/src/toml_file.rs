//! What is wrong with a TOML file. Errors never show a value: it may be personal data.

use std::fmt;

use serde::de::DeserializeOwned;

/// What is wrong with a file of [rules](crate::rules) or a [policy](crate::policy): a line for each problem.
///
/// ```
/// use contacts_bulk::rules::Rules;
///
/// let error = Rules::parse("[[rule]]\ntechnical_contact = \"web\"").unwrap_err();
/// assert_eq!(error.to_string(), "line 1: technical_contact: `web` is not defined; add a table `[people.web]`");
/// ```
#[derive(Debug)]
pub struct TomlError(Vec<String>);

impl TomlError {
    pub(crate) fn new(mut problems: Vec<(usize, String)>) -> Self {
        problems.sort_by_key(|(line, _)| *line);
        let problems = problems.into_iter();
        let problems = problems.map(|(line, problem)| format!("line {line}: {problem}"));
        Self(problems.collect())
    }

    fn syntax(text: &str, error: &toml::de::Error) -> Self {
        let message = error.message();
        let is_harmless = ["unknown field", "missing field", "duplicate key"];
        let problem = match message.rsplit_once("expected ") {
            _ if is_harmless.iter().any(|start| message.starts_with(start)) => message.to_owned(),
            Some((_, "a map")) => "expected a table".to_owned(),
            Some((_, expected)) if !message.contains('\n') => format!("expected {expected}"),
            _ => "not valid TOML".to_owned(),
        };
        let offset = error.span().map_or(0, |span| span.start);
        Self::new(vec![(line(text, offset), problem)])
    }
}

pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, TomlError> {
    toml::from_str(text).map_err(|error| TomlError::syntax(text, &error))
}

/// The line of a byte, from 1.
pub(crate) fn line(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or_default().matches('\n').count() + 1
}

impl fmt::Display for TomlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n  "))
    }
}

impl std::error::Error for TomlError {}
