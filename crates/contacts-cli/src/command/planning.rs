//! Reading orders, with what people see meanwhile.

use contacts_bulk::{Plan, PlanStopped, PlannedOrder, State};

use crate::abort::{Abort, exit_of};
use crate::io::Io;
use crate::progress::Progress;
use crate::view;

/// Makes a plan of `orders` orders with `make`, which gets what to call with each order.
pub(crate) fn read<T>(
    orders: usize,
    text: bool,
    io: &mut Io<'_>,
    make: impl FnOnce(&mut dyn FnMut(&PlannedOrder)) -> Result<T, PlanStopped>,
) -> Result<T, Abort> {
    let mut progress = Progress::new("reading", orders, io);
    let result = make(&mut |order| {
        if text {
            io.out(&view::text::planned(order));
        }
        progress.ended(matches!(order.state(), State::ReadFailed(_)), io);
    });
    progress.clear(io);
    result.map_err(|stopped| Abort::new(exit_of(stopped.failure()), stopped.to_string()))
}

/// Shows a plan that was made before.
pub(crate) fn show(plan: &Plan, io: &mut Io<'_>) {
    for order in plan.orders() {
        io.out(&view::text::planned(order));
    }
}
