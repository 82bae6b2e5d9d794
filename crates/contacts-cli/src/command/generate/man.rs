use std::fmt::Write;

use clap::{Command, CommandFactory};
use contacts_core::printable;

use crate::args::{Args, Man};
use crate::command::generate::print;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;

pub(crate) fn man(args: &Man, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let source = format!("{} {}", command.get_name(), env!("CARGO_PKG_VERSION"));
    let mut see_also = String::new();
    if let Some(name) = &args.command {
        see_also = format!(".SH \"SEE ALSO\"\n.BR {} (1)\n", command.get_name());
        command = subcommand(&command, name)?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(page_command(command))
        // roff would take an empty date for an absent one, and the source for the date.
        .date(" ")
        .source(source)
        // With `User Commands`, the header of `completions` is wider than 80 columns.
        .manual("Commands")
        .render(&mut page)
        .map_err(|error| CommandError::failed(error.to_string()))?;
    let page = reformat(&String::from_utf8_lossy(&page));
    print(&(page + &see_also), session)
}

fn subcommand(command: &Command, name: &str) -> Result<Command, CommandError> {
    command.find_subcommand(name).cloned().ok_or_else(|| {
        let names = command.get_subcommands().map(Command::get_name);
        let (name, names) = (printable(name), names.collect::<Vec<_>>().join(", "));
        CommandError::usage(format!(
            "unknown command `{name}`; the commands are {names}"
        ))
    })
}

/// The command with what only a manual page shows: the options that `-h` leaves out, and the usage of
/// `--help` in place of a list of all options without their values.
fn page_command(mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    command
        .mut_args(|arg| arg.hide_short_help(false))
        .override_usage(usage)
}

/// Keeps the lines of indented text, which `man` would fill, and makes sections of the headings
/// after the options.
fn reformat(page: &str) -> String {
    let mut text = String::new();
    let (mut is_indented, mut after_options) = (false, false);
    for line in page.lines() {
        if line.starts_with(' ') != is_indented {
            is_indented = !is_indented;
            text += if is_indented { ".nf\n" } else { ".fi\n" };
        }
        if line.starts_with(".SH ") {
            after_options = line == ".SH EXTRA";
        }
        match line.strip_suffix(':') {
            _ if line == ".SH EXTRA" => {}
            Some(heading) if after_options && !is_indented => {
                let _ = writeln!(text, ".SH \"{}\"", heading.to_uppercase());
            }
            _ => {
                text += line;
                text.push('\n');
            }
        }
    }
    if is_indented {
        text += ".fi\n";
    }
    text
}
