use crate::abort::Abort;
use crate::args::Check;
use crate::command::input;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Check, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let mut problems = Vec::new();
    let mut checked = Vec::new();
    let mut unreadable = Vec::new();
    for file in &args.files {
        match input::read(file, args.reading.trim, io, stop) {
            Ok(input) => checked.push((source::name(file), input)),
            Err(abort) if abort.exit == Exit::Interrupted => return Err(abort),
            Err(abort) if abort.problems.is_empty() => unreadable.push(abort.message),
            Err(abort) => problems.extend(abort.problems),
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
