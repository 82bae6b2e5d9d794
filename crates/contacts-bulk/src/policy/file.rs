//! The file of a policy.

use serde::Deserialize;
use toml::Spanned;

use crate::domain::DomainPattern;
use crate::policy::{MaxChanges, Policy};
use crate::toml_file::{self, TomlError, line};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    max_changes: Option<Spanned<Count>>,
    #[serde(default = "yes")]
    organization_contacts: bool,
    email_domains: Option<Spanned<Vec<String>>>,
    max_percent_of_container: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a number of orders, or a percentage such as \"5%\""
)]
enum Count {
    Orders(u64),
    Text(String),
}

const fn yes() -> bool {
    true
}

impl Policy {
    /// Parses a TOML file. `docs/contacts-as-code.md` describes it.
    ///
    /// # Errors
    /// Returns what is wrong, with the line.
    pub fn parse(text: &str) -> Result<Self, TomlError> {
        let text = text.trim_start_matches('\u{feff}');
        let file: File = toml_file::parse(text)?;
        let mut problems = Vec::new();
        let mut problem = |offset, message: String| problems.push((line(text, offset), message));
        let max_changes = file.max_changes.and_then(|count| {
            let start = count.span().start;
            let parsed = match count.into_inner() {
                Count::Orders(number) => Ok(MaxChanges::Orders(clamped(number))),
                Count::Text(text) => text.parse(),
            };
            parsed
                .map_err(|error| problem(start, format!("max_changes: {error}")))
                .ok()
        });
        let email_domains = file.email_domains.map(|domains| {
            let start = domains.span().start;
            let domains = domains.into_inner();
            let patterns = domains.iter().map(|text| DomainPattern::parse(text));
            let patterns: Option<Vec<_>> = patterns.collect();
            patterns.unwrap_or_else(|| {
                let expected = "expected domains such as `example.com` or `*.example.com`";
                problem(start, format!("email_domains: {expected}"));
                Vec::new()
            })
        });
        if let Some(percent) = &file.max_percent_of_container
            && *percent.get_ref() > 100
        {
            let message = "max_percent_of_container: a percentage is at most 100";
            problem(percent.span().start, message.to_owned());
        }
        let is_empty = max_changes.is_none()
            && file.organization_contacts
            && email_domains.is_none()
            && file.max_percent_of_container.is_none();
        if is_empty && problems.is_empty() {
            problems.push((
                1,
                "the policy limits nothing; see docs/contacts-as-code.md".to_owned(),
            ));
        }
        if !problems.is_empty() {
            return Err(TomlError::new(problems));
        }
        let percent = file.max_percent_of_container;
        Ok(Self {
            max_changes,
            organization_contacts: file.organization_contacts,
            email_domains,
            max_percent_of_container: percent.map(|percent| clamped(percent.into_inner())),
        })
    }
}

fn clamped(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
