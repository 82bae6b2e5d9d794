use std::fmt;

use serde::Serialize;

use crate::input::problem::Problem;

/// Everything wrong in an input file: at least one [`Problem`], in the order of their first lines.
///
/// The same mistake on many lines is one [`Problem`] with a [count](Problem::count), and at most
/// 200 different ones are told apart, so that a file of a million bad lines takes no more memory
/// than one of a few (our own decision).
///
/// ```
/// use contacts_bulk::{Input, InputError};
///
/// let mut file = "order_id,contact_type,first_name,last_name,email\n".to_owned();
/// for id in 1..=1000 {
///     file += &format!("{id},technical_contact,Jane,Doe,jane\n");
/// }
/// let Err(InputError::Problems(problems)) = Input::from_csv(file.as_bytes(), false) else { panic!() };
/// assert_eq!((problems.len(), problems.total()), (1, 1000));
/// assert_eq!(
///     problems.to_string(),
///     "line 2, email: not an e-mail address: missing `@` (1000 times, on lines 2, 3, 4, 5, 6 and more)",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems {
    list: Vec<Problem>,
    #[serde(skip)]
    untold: u64,
}

/// Problems as they are found.
#[derive(Debug, Default)]
pub(crate) struct ProblemList {
    list: Vec<Problem>,
    untold: u64,
    found: u64,
}

impl ProblemList {
    const MOST_KINDS: usize = 200;

    pub(crate) fn push(&mut self, problem: Problem) {
        self.found += 1;
        if let Some(same) = self.list.iter_mut().find(|p| p.is_same_mistake(&problem)) {
            same.add(problem.line());
        } else if self.list.len() < Self::MOST_KINDS {
            self.list.push(problem);
        } else {
            self.untold += 1;
        }
    }

    /// How many there are by now; more than before means that something was wrong.
    pub(crate) const fn found(&self) -> u64 {
        self.found
    }

    /// `None` where nothing is wrong.
    pub(crate) fn finish(self) -> Option<Problems> {
        let (list, untold) = (self.list, self.untold);
        (!list.is_empty()).then_some(Problems { list, untold })
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self::of(vec![problem])
    }
}

impl Problems {
    /// Of one problem or more, all of which are told.
    pub(crate) const fn of(list: Vec<Problem>) -> Self {
        Self { list, untold: 0 }
    }

    /// How many mistakes there are in all, each occurrence counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.untold + self.list.iter().map(Problem::count).sum::<u64>()
    }

    /// How many of them are of kinds that are not told, because 200 others came before.
    #[must_use]
    pub const fn untold(&self) -> u64 {
        self.untold
    }
}

impl std::ops::Deref for Problems {
    type Target = [Problem];

    fn deref(&self) -> &[Problem] {
        &self.list
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.list.iter().enumerate() {
            let line = if n == 0 { "" } else { "\n" };
            write!(f, "{line}{problem}")?;
        }
        if self.untold > 0 {
            write!(f, "\nand {} more mistakes of other kinds", self.untold)?;
        }
        Ok(())
    }
}
