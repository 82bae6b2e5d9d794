use std::fmt;

use serde::Serialize;

use crate::input::problem::Problem;

/// Everything wrong in an input: at least one [`Problem`], in the order of their first positions.
///
/// The same mistake in many rows is one [`Problem`] with a [count](Problem::count), and at most 200
/// different ones are listed, so that a file of a million bad rows takes no more memory than one of
/// a few (our own decision).
///
/// ```
/// use contacts_bulk::Input;
///
/// let mut file = "order_id,contact_type,first_name,last_name,email\n".to_owned();
/// for id in 1..=1000 {
///     file += &format!("{id},technical_contact,Jane,Doe,jane\n");
/// }
/// let problems = Input::from_csv(file).unwrap_err();
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
    omitted: u64,
}

/// Merges equal problems as they are found.
#[derive(Debug)]
pub(super) struct ProblemCollector(Problems);

impl Default for ProblemCollector {
    fn default() -> Self {
        Self(Problems::new(Vec::new()))
    }
}

impl ProblemCollector {
    const MAX_KINDS: usize = 200;

    pub(super) fn push(&mut self, problem: Problem) {
        let Problems { list, omitted } = &mut self.0;
        if let Some(same) = list.iter_mut().find(|p| p.is_same_mistake(&problem)) {
            same.repeat(problem.position());
        } else if list.len() < Self::MAX_KINDS {
            list.push(problem);
        } else {
            *omitted += 1;
        }
    }

    #[cfg(feature = "xlsx")]
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Problem> {
        self.0.list.iter_mut()
    }

    /// `None` if nothing is wrong.
    pub(super) fn finish(self) -> Option<Problems> {
        (!self.0.is_empty()).then_some(self.0)
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self::new(vec![problem])
    }
}

impl Problems {
    pub(super) const fn new(list: Vec<Problem>) -> Self {
        Self { list, omitted: 0 }
    }

    /// The number of mistakes, counting each occurrence.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.omitted + self.list.iter().map(Problem::count).sum::<u64>()
    }

    /// The number of mistakes that are not listed, because 200 different ones came before.
    #[must_use]
    pub const fn omitted(&self) -> u64 {
        self.omitted
    }
}

impl std::error::Error for Problems {}

impl std::ops::Deref for Problems {
    type Target = [Problem];

    fn deref(&self) -> &[Problem] {
        &self.list
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.list.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))?;
        if self.omitted > 0 {
            write!(f, "\nand {} more mistakes of other kinds", self.omitted)?;
        }
        Ok(())
    }
}
