//! The requests of a plan, one after another.

use contacts_core::{Change, ContactsUpdate, OrderId, Outcome};

use crate::failure::Failure;
use crate::orders::Orders;
use crate::plan::{PlannedOrder, State};
use crate::report::{OrderResult, ReadBack, Report, Verdict};
use crate::trouble::Trouble;

pub(crate) fn run(
    orders: &[PlannedOrder],
    api: &impl Orders,
    read_back: bool,
    mut progress: impl FnMut(&OrderResult),
) -> Report {
    let to_send = orders
        .iter()
        .filter(|o| matches!(o.state(), State::Changes(_)));
    let mut trouble = Trouble::new(to_send.count());
    let mut stopped = None;
    let mut results = Vec::with_capacity(orders.len());
    for order in orders {
        let mut verdict = match order.state() {
            State::AlreadyRight => Verdict::AlreadyRight,
            State::Blocked(reason) => Verdict::Blocked(*reason),
            State::NotRead(failure) => Verdict::NotRead(failure.clone()),
            State::Changes(_) if stopped.is_some() => Verdict::NotTried,
            State::Changes(_) => change(order, api, read_back),
        };
        if matches!(verdict, Verdict::Changed(_) | Verdict::Failed(_))
            && trouble.ends_with(verdict.failure())
        {
            stopped = verdict.failure().cloned();
            let never_sent = |f: &Failure| f.is_cancelled() && f.outcome() == Outcome::NotSent;
            if matches!(&verdict, Verdict::Failed(failure) if never_sent(failure)) {
                verdict = Verdict::NotTried;
            }
        }
        let result = OrderResult::new(order.order(), verdict);
        progress(&result);
        results.push(result);
    }
    Report::new(results, stopped)
}

fn change(order: &PlannedOrder, api: &impl Orders, read_back: bool) -> Verdict {
    match api.update_contacts(order.order(), order.update()) {
        Ok(()) if read_back => Verdict::Changed(compare(order.order(), order.update(), api)),
        Ok(()) => Verdict::Changed(ReadBack::NotAsked),
        Err(failure) => Verdict::Failed(failure),
    }
}

fn compare(order: OrderId, update: &ContactsUpdate, api: &impl Orders) -> ReadBack {
    let read: Result<_, Failure> = api.order(order);
    match read.map(|order| Change::between(&order, update)) {
        Ok(change) if change.differs() => ReadBack::Differs(change),
        Ok(_) => ReadBack::Confirmed,
        Err(failure) => ReadBack::Failed(failure),
    }
}
