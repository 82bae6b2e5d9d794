use serde::Serialize;

use super::{Fault, FaultError};
use crate::data::random::Random;

/// The faults of a sandbox in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct ActiveFaults {
    list: Vec<ActiveFault>,
    last_id: u64,
}

#[derive(Debug, Serialize)]
pub(crate) struct ActiveFault {
    id: u64,
    /// The number of requests on which it acted.
    acted: u64,
    #[serde(flatten)]
    fault: Fault,
    #[serde(skip)]
    random: Random,
}

impl ActiveFaults {
    const MAX: usize = 1000;

    /// Adds a fault and returns its id.
    pub(crate) fn add(&mut self, fault: Fault) -> Result<u64, FaultError> {
        let fault = fault.validated()?;
        if self.list.len() == Self::MAX {
            let message = "the sandbox has 1000 faults already, remove some";
            return Err(FaultError(message.to_owned()));
        }
        self.last_id += 1;
        self.list.push(ActiveFault {
            id: self.last_id,
            acted: 0,
            random: Random::new(fault.seed.unwrap_or_default()),
            fault,
        });
        Ok(self.last_id)
    }

    /// Removes a fault; `false` if there is none with this id.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.list.len();
        self.list.retain(|active| active.id != id);
        self.list.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    pub(crate) fn list(&self) -> &[ActiveFault] {
        &self.list
    }

    /// The fault that acts on a request, if any. Counts it as acted.
    pub(crate) fn select(&mut self, method: &str, path: &str, order: Option<u64>) -> Option<Fault> {
        let index = self.list.iter_mut().position(|active| {
            let fault = &active.fault;
            // Only matching requests draw a number, so that others don't change the sequence.
            fault.matches(method, path, order)
                && fault.probability.is_none_or(|p| active.random.chance(p))
        })?;
        let active = &mut self.list[index];
        active.acted += 1;
        let fault = active.fault.clone();
        if let Some(next) = &mut active.fault.next {
            *next -= 1;
            if *next == 0 {
                self.list.remove(index);
            }
        }
        Some(fault)
    }
}
