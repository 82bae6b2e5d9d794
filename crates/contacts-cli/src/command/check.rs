use contacts_bulk::input::{Check as Checker, ReadOptions};

use crate::abort::Abort;
use crate::args::Check;
use crate::command::input;
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Check, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let mut check = Checker::default();
    let mut problems = Vec::new();
    let mut checked = Vec::new();
    let mut unreadable = Vec::new();
    for file in &args.files {
        let file = match input::open(file, io, stop) {
            Ok(file) => file,
            Err(abort) if abort.exit == Exit::BadInput => {
                unreadable.push(abort.message);
                continue;
            }
            Err(abort) => return Err(abort),
        };
        let options = ReadOptions {
            trim: args.reading.trim,
        };
        match check.file(&file.name, &file.bytes, file.format, options) {
            Ok(counts) => checked.push((file.name, counts)),
            Err(found) => problems.push((file.name, found)),
        }
    }
    if !problems.is_empty() {
        let mut abort = input::refused(problems);
        let messages = [&[abort.message], unreadable.as_slice()].concat();
        abort.message = messages.join("\nerror: ");
        return Err(abort);
    }
    if !unreadable.is_empty() {
        return Err(Abort::new(Exit::BadInput, unreadable.join("\nerror: ")));
    }
    let told = if args.output.json {
        view::json::checked(&checked)
    } else {
        view::text::checked(&checked)
    };
    io.out(&told);
    Ok(Exit::Done)
}
