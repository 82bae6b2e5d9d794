use serde_json::{Value, json};

use crate::fault::Fault;
use crate::fault_text::FaultError;
use crate::random::Random;

/// The faults of a sandbox, and how often each has acted.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    list: Vec<Armed>,
    count: u64,
}

#[derive(Debug)]
struct Armed {
    id: u64,
    fault: Fault,
    random: Random,
    acted: u64,
}

impl Faults {
    /// More are refused.
    const MOST: usize = 1000;

    /// The fault's id.
    pub(crate) fn add(&mut self, fault: Fault) -> Result<u64, FaultError> {
        if self.list.len() == Self::MOST {
            return Err(FaultError("there are 1000 faults already".to_owned()));
        }
        self.count += 1;
        self.list.push(Armed {
            id: self.count,
            random: Random::new(fault.seed),
            fault,
            acted: 0,
        });
        Ok(self.count)
    }

    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.list.len();
        self.list.retain(|armed| armed.id != id);
        self.list.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// The fault that acts on a request, if one does.
    pub(crate) fn strike(&mut self, method: &str, order: Option<u64>) -> Option<Fault> {
        let at = self.list.iter_mut().position(|armed| {
            let fault = &armed.fault;
            // A number is drawn only for requests that fit, so that others don't change the sequence.
            fault.next != Some(0)
                && fault.fits(method, order)
                && fault.probability.is_none_or(|p| armed.random.happens(p))
        })?;
        let armed = &mut self.list[at];
        armed.acted += 1;
        let fault = armed.fault.clone();
        if let Some(next) = &mut armed.fault.next {
            *next -= 1;
            if *next == 0 {
                self.list.remove(at);
            }
        }
        Some(fault)
    }

    pub(crate) fn json(&self) -> Value {
        let one = |armed: &Armed| {
            let mut json = json!({ "id": armed.id, "acted": armed.acted });
            if let (Value::Object(json), Value::Object(fault)) = (&mut json, armed.fault.json()) {
                json.extend(fault);
            }
            json
        };
        self.list.iter().map(one).collect()
    }
}
