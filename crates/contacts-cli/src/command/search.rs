//! Runs a search, says what it asks, and announces how many orders it reads.

use std::time::Duration;

use contacts_bulk::search::{Search, SearchEvent, SearchResult};
use contacts_http::RateLimit;

use crate::args::StatusOption;
use crate::connection::Connected;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::session::Session;
use crate::view;

/// A search that reads orders for at least as long is announced, whatever its reason.
const LONG: Duration = Duration::from_secs(10);

pub(crate) fn run(
    search: &Search,
    status: &StatusOption,
    connected: &Connected,
    session: &mut Session<'_, '_>,
) -> Result<SearchResult, CommandError> {
    if let Some(warning) = status.warning() {
        session.warn(warning);
    }
    let clock = session.io.clock();
    let mut progress = Progress::new("reading", 0, session.io);
    let result = search.run(
        &connected.client,
        move || clock(),
        |event| match event {
            SearchEvent::Reading { orders, reason } => {
                let time = RateLimit::shortest_time(&connected.rate_limits, orders);
                session.io.clear_status();
                if time >= LONG || view::text::is_unexpected(reason) {
                    session.io.err(&view::text::reading(orders, reason, time));
                }
                progress = Progress::new("reading", orders, session.io);
            }
            SearchEvent::Read(_) => progress.advance(false, session.io),
            SearchEvent::ReadFailed(_, failure) => {
                session.io.clear_status();
                session.error(failure);
                progress.advance(true, session.io);
            }
            _ => {}
        },
    );
    session.io.clear_status();
    let result = result.map_err(|stopped| {
        CommandError::new(Exit::after(stopped.failure()), stopped.to_string())
    })?;
    if result.without_id() > 0 {
        session.io.err(&view::text::without_id(result.without_id()));
    }
    Ok(result)
}

/// Says what was asked and how many orders were read.
pub(crate) fn print_sources(result: &SearchResult, session: &mut Session<'_, '_>) {
    if !session.json {
        session.io.err(&view::text::sources(result));
    }
}

pub(crate) fn exit(result: &SearchResult) -> Exit {
    if result.failed().is_empty() && result.without_id() == 0 {
        Exit::Done
    } else {
        Exit::SomeFailed
    }
}
