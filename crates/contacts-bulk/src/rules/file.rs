//! The file of the rules.

use std::collections::BTreeMap;

use contacts_core::{Contact, ContactDraft, printable};
use serde::Deserialize;
use toml::{Spanned, Table, Value};

use crate::domain::DomainPattern;
use crate::rules::condition::Condition;
use crate::rules::{Assignment, Rule, Rules};
use crate::toml_file::{self, TomlError, line};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    people: BTreeMap<String, Spanned<Table>>,
    #[serde(default)]
    rule: Vec<Spanned<RuleTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    domain: Option<OneOrMany>,
    product: Option<OneOrMany>,
    status: Option<OneOrMany>,
    technical_contact: Option<Person>,
    organization_contact: Option<Person>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected the name of a person in `people`, or false"
)]
enum Person {
    Name(String),
    Keep(bool),
}

impl Rules {
    /// Parses a file. `docs/contacts-as-code.md` describes it.
    ///
    /// # Errors
    /// Returns everything that is wrong, with its lines.
    pub fn parse(text: &str) -> Result<Self, TomlError> {
        let text = text.trim_start_matches('\u{feff}');
        let file: File = toml_file::parse(text)?;
        let mut reader = Reader {
            text,
            people: BTreeMap::new(),
            problems: Vec::new(),
        };
        for (name, person) in file.people {
            reader.person(name, person);
        }
        let rules: Vec<_> = file
            .rule
            .into_iter()
            .map(|rule| reader.rule(rule))
            .collect();
        reader.check_order(&rules);
        if rules.is_empty() {
            let problem = "the file has no rule; add a table `[[rule]]`";
            reader.problems.push((1, problem.to_owned()));
        }
        if reader.problems.is_empty() {
            return Ok(Self(rules));
        }
        Err(TomlError::new(reader.problems))
    }
}

struct Reader<'t> {
    text: &'t str,
    /// `None` for a person with a problem.
    people: BTreeMap<String, Option<Contact>>,
    problems: Vec<(usize, String)>,
}

impl Reader<'_> {
    fn person(&mut self, name: String, table: Spanned<Table>) {
        let line = line(self.text, table.span().start);
        let draft = ContactDraft::deserialize(Value::Table(table.into_inner()));
        let contact = match draft.map(ContactDraft::build) {
            Ok(Ok(contact)) => Some(contact),
            Ok(Err(violations)) => {
                let shown = printable(&name);
                for violation in violations.iter() {
                    self.problems
                        .push((line, format!("people.{shown}.{violation}")));
                }
                None
            }
            // The draft accepts every table.
            Err(_) => None,
        };
        self.people.insert(name, contact);
    }

    fn rule(&mut self, table: Spanned<RuleTable>) -> Rule {
        let line = line(self.text, table.span().start);
        let table = table.into_inner();
        let domains = self.texts(line, "domain", table.domain);
        let domains = domains.iter().filter_map(|text| self.domain(line, text));
        let domains = domains.collect();
        let contacts = [
            self.assignment(line, "organization_contact", table.organization_contact),
            self.assignment(line, "technical_contact", table.technical_contact),
        ];
        if contacts.iter().all(Assignment::is_none) {
            let problem =
                "the rule sets no contact; add `technical_contact` or `organization_contact`";
            self.problems.push((line, problem.to_owned()));
        }
        Rule {
            line,
            condition: Condition {
                domains,
                products: self.texts(line, "product", table.product),
                statuses: self.texts(line, "status", table.status),
            },
            contacts,
        }
    }

    /// The texts of a condition. An empty list would match every order, as if it were not there.
    fn texts(&mut self, line: usize, member: &str, texts: Option<OneOrMany>) -> Vec<String> {
        match texts {
            None => Vec::new(),
            Some(OneOrMany::One(text)) => vec![text],
            Some(OneOrMany::Many(texts)) => {
                if texts.is_empty() {
                    let problem = "the list is empty; name at least one, or remove the line";
                    self.problems.push((line, format!("{member}: {problem}")));
                }
                texts
            }
        }
    }

    fn domain(&mut self, line: usize, text: &str) -> Option<DomainPattern> {
        let pattern = DomainPattern::parse(text);
        if pattern.is_none() {
            let problem = format!(
                "domain: `{}` is not a domain such as `www.example.com` or `*.example.com`",
                printable(text)
            );
            self.problems.push((line, problem));
        }
        pattern
    }

    fn assignment(&mut self, line: usize, member: &str, person: Option<Person>) -> Assignment {
        let problem = match person {
            None => return Assignment::None,
            Some(Person::Keep(false)) => return Assignment::Keep,
            Some(Person::Keep(true)) => {
                "expected the name of a person in `people`, or false".to_owned()
            }
            Some(Person::Name(name)) => match self.people.get(&name) {
                Some(Some(contact)) => return Assignment::Set(contact.clone()),
                Some(None) => return Assignment::Keep,
                None => undefined(&name),
            },
        };
        self.problems.push((line, format!("{member}: {problem}")));
        Assignment::Keep
    }

    /// Finds rules that an earlier one with the same conditions makes useless.
    fn check_order(&mut self, rules: &[Rule]) {
        for (index, rule) in rules.iter().enumerate() {
            let covers = |earlier: &&Rule| {
                let mut contacts = earlier.contacts.iter().zip(&rule.contacts);
                earlier.condition == rule.condition
                    && contacts.any(|(earlier, later)| !earlier.is_none() && !later.is_none())
            };
            if let Some(earlier) = rules[..index].iter().find(covers) {
                let problem = format!(
                    "the rule on line {} has the same conditions and comes first; remove one of them",
                    earlier.line
                );
                self.problems.push((rule.line, problem));
            }
        }
    }
}

impl Assignment {
    const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// Shows only a name that TOML takes without quotes: another one may be an address.
fn undefined(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if !name.is_empty() && name.chars().all(is_bare) {
        format!("`{name}` is not defined; add a table `[people.{name}]`")
    } else {
        "nobody in `people` has this name".to_owned()
    }
}
