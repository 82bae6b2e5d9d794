use std::fmt::Write;

use clap::{Command, CommandFactory};

use crate::args::{Args, Man};
use crate::command::generate::print;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;

pub(crate) fn man(args: &Man, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let mut command = Args::command();
    command.build();
    let source = format!("{} {}", command.get_name(), env!("CARGO_PKG_VERSION"));
    if let Some(name) = &args.command {
        let found = command.find_subcommand(name);
        command = found.cloned().ok_or_else(|| {
            let names = command.get_subcommands().map(Command::get_name);
            let names = names.collect::<Vec<_>>().join(", ");
            CommandError::usage(format!("unknown command; the commands are {names}"))
        })?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(for_page(command))
        // roff would take an empty date for an absent one, and the source for the date.
        .date(" ")
        .source(source)
        .manual("User Commands")
        .render(&mut page)
        .map_err(|error| CommandError::failed(error.to_string()))?;
    print(&laid_out(&String::from_utf8_lossy(&page)), session)
}

/// Sets what only a manual page shows: the options that `-h` leaves out, and the usage of `--help`
/// in place of a list of all options without their values.
fn for_page(mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    command
        .mut_args(|arg| arg.hide_short_help(false))
        .override_usage(usage)
}

/// Keeps the lines of indented text, which `man` would fill, and makes sections of the headings
/// after the options.
fn laid_out(page: &str) -> String {
    let mut text = String::new();
    let (mut literal, mut extra) = (false, false);
    for line in page.lines() {
        if line.starts_with(' ') != literal {
            literal = !literal;
            text += if literal { ".nf\n" } else { ".fi\n" };
        }
        if line.starts_with(".SH ") {
            extra = line == ".SH EXTRA";
        }
        match line.strip_suffix(':') {
            _ if line == ".SH EXTRA" => {}
            Some(heading) if extra && !literal => {
                let _ = writeln!(text, ".SH \"{}\"", heading.to_uppercase());
            }
            _ => {
                text += line;
                text.push('\n');
            }
        }
    }
    if literal {
        text += ".fi\n";
    }
    text
}
