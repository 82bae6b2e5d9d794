use std::collections::HashSet;
use std::fmt::Write;

use contacts_bulk::PlanFile;
use contacts_bulk::export::ExportSummary;
use contacts_bulk::search::SearchResult;
use contacts_core::{Contact, Field, printable};

use crate::args::Replace;
use crate::command::apply::{Guards, Prepared};
use crate::command::export_run::{Exported, Missing};
use crate::command::new_file::NewFile;
use crate::command::successor::Successors;
use crate::command::{plan, search};
use crate::connection::{self, Connected};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;
use crate::view::json::Origin;

pub(crate) fn run(args: &Replace, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    if args.applies() {
        session.require_yes_for_json(args.run.yes)?;
    }
    let successors = Successors::read(args, session)?;
    let connected = connection::open(&args.connection, session)?;
    let files = Files::create(args, session)?;
    let terms = successors.terms.iter().cloned();
    let search = args.search.search(terms);
    let found = search::run(&search, &args.search.status, &connected, session)?;
    search::print_sources(&found, session);
    session.io.err(&notes(&found, &successors));
    let exit = files.finish(&found, &successors, &connected, session)?;
    let unsearched = found.failed().len() + found.without_id();
    if unsearched > 0 {
        session.warn(view::text::unsearched(unsearched));
    }
    Ok(match search::exit(&found) {
        Exit::Done => exit,
        not_read if exit == Exit::Done => not_read,
        _ => exit,
    })
}

/// What is written. Created before the first request, so that a folder without write permission is
/// reported at once.
enum Files<'a> {
    Run(Prepared<'a>),
    Written {
        input: Option<NewFile>,
        plan: Option<NewFile>,
    },
}

impl<'a> Files<'a> {
    fn create(args: &'a Replace, session: &mut Session<'_, '_>) -> Result<Self, CommandError> {
        if !args.applies() {
            let create = |path: &Option<_>| path.as_deref().map(NewFile::create).transpose();
            return Ok(Self::Written {
                input: create(&args.output_file)?,
                plan: create(&args.plan)?,
            });
        }
        let guards = Guards {
            run: &args.run,
            guard: &args.guard,
            connection: &args.connection,
        };
        Prepared::create(guards, session).map(Self::Run)
    }

    fn finish(
        self,
        found: &SearchResult,
        successors: &Successors,
        connected: &Connected,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, CommandError> {
        let created = found.read_since().unwrap_or_else(|| session.io.now());
        let plan = || {
            let plan = found.plan_replacement(|term| &successors.contacts[term]);
            PlanFile::new(plan, connected.account.base_url(), created)
        };
        match self {
            Self::Run(prepared) => {
                let plan = plan();
                plan::show(plan.plan(), session);
                prepared.apply(plan, Origin::Search(found), connected, session)
            }
            Self::Written { input, plan: None } => {
                write_input(input, found, successors)?.print_found(found, session);
                Ok(Exit::Done)
            }
            Self::Written {
                input,
                plan: Some(file),
            } => {
                let written = write_input(input, found, successors)?;
                // With --json, the plan is the one document.
                if !session.json && written.file.is_some() {
                    written.print(session);
                }
                let plan = plan();
                plan::show(plan.plan(), session);
                let limits = &connected.rate_limits;
                let summary =
                    plan::finish(&plan, limits, Some(file), Origin::Search(found), session)?;
                Ok(plan::exit(&summary))
            }
        }
    }
}

/// Writes the input file, unless no contact was found.
fn write_input(
    file: Option<NewFile>,
    found: &SearchResult,
    successors: &Successors,
) -> Result<Exported, CommandError> {
    let mut summary = ExportSummary::default();
    let name = file.as_ref().map(NewFile::name);
    let write = |file: NewFile| {
        file.write_if(|writer| {
            summary = found.write_replacement(|term| &successors.contacts[term], writer)?;
            Ok(summary.contacts > 0)
        })
    };
    let kept = file.map(write).transpose()?.unwrap_or_default();
    Ok(Exported {
        file: name.filter(|_| kept),
        summary,
        missing: Missing {
            failed: found.failed().to_vec(),
            without_id: found.without_id(),
        },
    })
}

/// Points out that nobody was found, or that orders keep values of the predecessors.
fn notes(found: &SearchResult, successors: &Successors) -> String {
    let found_terms = found.orders().iter().flat_map(|order| &order.contacts);
    let found_terms: HashSet<_> = found_terms.map(|contact| contact.term).collect();
    let mut notes = String::new();
    for (index, term) in successors.terms.iter().enumerate() {
        if !found_terms.contains(&index) {
            let term = printable(term.text());
            let _ = writeln!(
                notes,
                "note: no contact with the e-mail address {term} was found"
            );
        }
    }
    if !notes.is_empty() && found.read() + found.failed().len() < found.listed() {
        notes += "note: --read-all reads every order\n";
    }
    notes + &kept_values(&found_terms, &successors.contacts)
}

/// The optional fields that a successor lacks.
fn kept_values(found: &HashSet<usize>, successors: &[Contact]) -> String {
    let successors = successors.iter().enumerate();
    let successors: Vec<_> = successors
        .filter(|(index, _)| found.contains(index))
        .collect();
    let optional = [Field::JobTitle, Field::Telephone].into_iter();
    let lacks = |field: &Field| {
        successors
            .iter()
            .any(|(_, contact)| contact.get(*field).is_none())
    };
    let missing: Vec<_> = optional.filter(lacks).map(Field::as_str).collect();
    if missing.is_empty() {
        return String::new();
    }
    let who = if successors.len() == 1 { "the" } else { "a" };
    format!(
        "note: {who} successor has no {}, so orders keep the previous value\n",
        missing.join(" and no ")
    )
}
