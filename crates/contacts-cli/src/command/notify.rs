//! The command of `--notify`, which is run after a run.

use contacts_bulk::{Failure, Report, RunSummary};
use serde::Serialize;

use crate::args::Command;
use crate::cancel::CancelToken;
use crate::connection::{KEY_VARIABLE, STORE_VARIABLE};
use crate::exit::Exit;
use crate::session::Session;
use crate::shell;

/// The command to run after a run.
pub(crate) struct Notification {
    /// The name of the command that changes orders.
    command: &'static str,
    notify: String,
}

impl Notification {
    /// What the options of a command request.
    pub(crate) fn of(command: &Command) -> Option<Self> {
        let (command, option) = match command {
            Command::Apply(args) => ("apply", &args.run.notify),
            Command::Replace(args) => ("replace", &args.run.notify),
            Command::Resume(args) => ("resume", &args.run.notify),
            Command::Set(args) => ("set", &args.notify),
            _ => return None,
        };
        let notify = option.notify.clone()?;
        Some(Self { command, notify })
    }

    /// Runs the command. Its failure is a warning, since it does not undo the run.
    pub(crate) fn send(&self, run: &EndedRun, exit: Exit, session: &mut Session<'_, '_>) {
        session.io.flush();
        let document = Document {
            command: self.command,
            exit_code: exit.code(),
            run,
        };
        let mut input = serde_json::to_vec(&document).unwrap_or_default();
        input.push(b'\n');
        // An interrupted run is reported as well; another interrupt ends the process.
        let interrupted = session.cancel.is_cancelled();
        let never = CancelToken::default();
        let cancel = if interrupted { &never } else { session.cancel };
        let mut command = shell::command(&self.notify);
        // Secrets, which the message does not need.
        command.env_remove(KEY_VARIABLE).env_remove(STORE_VARIABLE);
        let reason = match shell::run(command, Some(input), shell::TIMEOUT, cancel) {
            Ok(output) if output.status.success() => return,
            Ok(output) => output.failure(&[]),
            Err(error) => error.to_string(),
        };
        session.warn(format!("the command of --notify failed: {reason}"));
    }
}

/// The summary of a run, without its orders and their contacts.
#[derive(Serialize)]
pub(crate) struct EndedRun {
    summary: RunSummary,
    stopped: Option<Failure>,
    journal: Option<String>,
    resume: Option<String>,
}

impl EndedRun {
    /// `resume` is the command that resumes the run, if orders remain.
    pub(crate) fn new(report: &Report, journal: Option<&str>, resume: Option<&str>) -> Self {
        Self {
            summary: report.summary(),
            stopped: report.stopped().cloned(),
            journal: journal.map(str::to_owned),
            resume: resume.map(str::to_owned),
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    command: &'static str,
    exit_code: u8,
    #[serde(flatten)]
    run: &'a EndedRun,
}
