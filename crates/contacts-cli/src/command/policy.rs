//! Checks plans against a policy.

use std::path::Path;

use contacts_bulk::policy::{Containers, Policy};
use contacts_bulk::{ListFilter, OrderApi, Plan};
use contacts_http::Client;

use crate::command::input;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;

pub(crate) fn read(
    file: Option<&Path>,
    session: &mut Session<'_, '_>,
) -> Result<Option<Policy>, CommandError> {
    let Some(file) = file else { return Ok(None) };
    let text = input::read_text(file, session)?;
    let policy = Policy::parse(&text).map_err(|error| CommandError::bad_file(file, error))?;
    Ok(Some(policy))
}

/// Fails if the plan violates the policy. Without a client, the orders cannot be listed.
pub(crate) fn check(
    policy: Option<&Policy>,
    plan: &Plan,
    client: Option<&Client>,
) -> Result<(), CommandError> {
    let Some(policy) = policy else { return Ok(()) };
    let containers = match client {
        Some(client) if policy.needs_containers() => {
            let orders = OrderApi::list(client, &ListFilter::default());
            Some(Containers::of(&orders.collect::<Result<Vec<_>, _>>()?))
        }
        None if policy.needs_containers() => {
            return Err(CommandError::usage(
                "the policy limits a percentage of containers, which --state does not know; \
                 plan without --state, or check the policy with `apply`",
            ));
        }
        _ => None,
    };
    let violations = policy.check(plan, containers.as_ref());
    if violations.is_empty() {
        return Ok(());
    }
    let lines = violations
        .iter()
        .map(|violation| format!("\n  {violation}"));
    let lines: String = lines.collect();
    let message = format!("the plan violates the policy, nothing was changed:{lines}");
    Err(CommandError::new(Exit::PolicyViolated, message))
}
