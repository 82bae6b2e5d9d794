//! Commands and options that people know from other programs.
//!
//! A word that means the same as one of ours is an alias of clap. For any other, the error says what
//! to use.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory, Error, Parser};

use super::Args;

const CHANGE: &str = "`set` changes one order, `apply` all orders of a file, `replace` a person";
const CONFIRM: &str = "use --yes to change orders without being asked; it does nothing else";
const KEY: &str = "set `DIGICERT_API_KEY`, or use --api-key-file or --api-key-command; other users of \
                   this machine can see command lines";
const LOGIN: &str = "there is no login: set `DIGICERT_API_KEY`, or use --api-key-file, \
                     --api-key-command or a profile; `whoami` tests the key";
const PLAN: &str = "`plan FILE` and `replace --plan FILE` show what would change and change nothing; \
                    without --yes, `apply` and `set` show it and ask";
const SELECT: &str =
    "--json prints everything, for a program such as jq; `find` and `get` have --columns";

/// What to use instead of each of the words.
const HINTS: &[(&[&str], &str)] = &[
    (
        &["list", "ls", "orders", "order", "contacts", "certificates"],
        "`get` shows orders, `find` the orders of a person or a domain, `export` writes all to a file",
    ),
    (
        &[
            "update", "edit", "modify", "change", "create", "new", "add", "patch", "put",
        ],
        CHANGE,
    ),
    (
        &["import", "run", "push", "upload", "execute"],
        "`apply` changes the orders of a file",
    ),
    (
        &["delete", "remove", "rm", "destroy", "clear"],
        "DigiCert cannot remove a contact; `set` and `replace` put another one in its place",
    ),
    (
        &["issue", "reissue", "revoke", "renew", "cancel"],
        "this program changes the contacts of existing orders, nothing else",
    ),
    (&["login", "logout", "auth", "signin", "token"], LOGIN),
    (
        &[
            "config",
            "configure",
            "init",
            "setup",
            "settings",
            "profile",
            "profiles",
            "context",
        ],
        "edit the configuration file, whose place is in `whoami --help`; --profile NAME selects a profile",
    ),
    (
        &["status", "state", "test", "ping", "doctor"],
        "`runs` lists the runs, `whoami` tests the key and the connection, `get` shows orders",
    ),
    (
        &["retry", "rerun"],
        "`resume JOURNAL` or `resume --last` continues a run",
    ),
    (
        &["upgrade", "self-update"],
        "install a new version as you installed this one",
    ),
    (
        &[
            "--dry-run",
            "-n",
            "--check",
            "--plan-only",
            "--what-if",
            "--noop",
        ],
        PLAN,
    ),
    (
        &[
            "--force",
            "--confirm",
            "--no-input",
            "--non-interactive",
            "--batch",
        ],
        CONFIRM,
    ),
    (
        &["-y", "--yes", "--auto-approve", "--assume-yes"],
        "this command changes no order, so it does not ask",
    ),
    (
        &["-f", "--file", "--filename", "-i", "--input"],
        "a file is an argument, without an option: `apply FILE`",
    ),
    (
        &["--rules"],
        "`plan --rules FILE -o plan.json` makes a plan of rules, which `apply plan.json` applies",
    ),
    (
        &["--order", "--order-id", "--id"],
        "an order id is an argument, without an option: `get ORDER_ID`",
    ),
    (
        &["--email", "--name", "--domain"],
        "`find` takes it as an argument, without an option",
    ),
    (
        &[
            "--key",
            "--api-key",
            "--apikey",
            "--token",
            "-k",
            "--password",
        ],
        KEY,
    ),
    (
        &["-o", "--output", "--format"],
        "--json prints JSON; `find` and `get` have --output for tables, JSON Lines and CSV",
    ),
    (
        &["--jq", "--query", "--filter", "--fields", "--template"],
        SELECT,
    ),
    (
        &["--all", "-A", "--page", "--per-page"],
        "`find` and `export` cover all orders of the account",
    ),
    (
        &["--debug", "--trace", "-d"],
        "-v logs to standard error, -vv more; --log-file FILE logs to a file",
    ),
    (
        &["--quiet", "-q", "--silent", "-s"],
        "`> /dev/null` hides the results; errors and warnings go to standard error",
    ),
    (
        &["--no-color", "--no-colour", "--color", "--colour"],
        "set `NO_COLOR=1` for text without colours; there are none in a pipe",
    ),
    (
        &["--host", "--server", "--endpoint", "--hostname"],
        "--region selects DigiCert's server, --base-url any other",
    ),
    (&["--eu", "--us"], "use --region eu or --region us"),
    (
        &["--test", "--demo", "--staging", "--mock"],
        "--sandbox uses a demo account on this machine instead of DigiCert",
    ),
    (
        &[
            "--insecure",
            "--no-verify-ssl",
            "--no-check-certificate",
            "--skip-tls-verify",
        ],
        "certificates are always verified; --ca-bundle names those to trust",
    ),
    (
        &["--retries", "--max-retries", "--retry"],
        "a request is sent at most three times; `resume` continues a run",
    ),
    (
        &[
            "--hook",
            "--post-hook",
            "--on-exit",
            "--webhook",
            "--mail",
            "--slack",
        ],
        "--notify COMMAND runs a command after a run; docs/operations.md has examples for mail and chat",
    ),
    (
        &["--refresh"],
        "orders are read before they are changed, unless --no-refresh is given",
    ),
];

/// What to use instead of a word.
fn tip(word: &str) -> Option<&'static str> {
    let hint = HINTS.iter().find(|(words, _)| words.contains(&word));
    hint.map(|(_, tip)| *tip)
}

/// Parses the command line. The error of an unknown command or option says what to use.
pub(crate) fn parse<A>(args: A) -> Result<Args, Error>
where
    A: IntoIterator,
    A::Item: Into<OsString>,
{
    let args: Vec<_> = args.into_iter().map(Into::into).collect();
    Args::try_parse_from(with_two_dashes(args)).map_err(with_tip)
}

fn with_tip(mut error: Error) -> Error {
    let word = match error.kind() {
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        _ => return error,
    };
    let Some(ContextValue::String(word)) = error.get(word) else {
        return error;
    };
    let Some(tip) = tip(word.split('=').next().unwrap_or_default()) else {
        return error;
    };
    let tips = vec![StyledStr::from(tip)];
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    error
}

/// Adds the second dash to options such as terraform's `-out=FILE`, which clap would read as
/// `-o ut=FILE`.
fn with_two_dashes(mut args: Vec<OsString>) -> Vec<OsString> {
    let mut command = None;
    for arg in args.iter_mut().take_while(|arg| *arg != "--") {
        let Some(name) = single_dash(arg) else {
            continue;
        };
        let command = command.get_or_insert_with(|| {
            let mut command = Args::command();
            // Adds --help and --version.
            command.build();
            command
        });
        if is_long_option(command, name) {
            let mut fixed = OsString::from("-");
            fixed.push(&*arg);
            *arg = fixed;
        }
    }
    args
}

/// The name in `-NAME` or `-NAME=VALUE`.
fn single_dash(arg: &OsString) -> Option<&str> {
    let name = arg.to_str()?.strip_prefix('-')?.split('=').next()?;
    (name.len() > 2 && !name.starts_with('-')).then_some(name)
}

fn is_long_option(command: &Command, name: &str) -> bool {
    let names = |arg: &Arg| {
        arg.get_long() == Some(name) || arg.get_all_aliases().is_some_and(|a| a.contains(&name))
    };
    let commands = command.get_subcommands();
    let mut arguments = commands.chain([command]).flat_map(Command::get_arguments);
    tip(&format!("--{name}")).is_some() || arguments.any(names)
}
