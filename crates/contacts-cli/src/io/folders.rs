use std::path::PathBuf;

use etcetera::BaseStrategy;

const NAME: &str = "digicert-contacts";

/// The folders of this program, below those of the user. They may not exist.
pub(super) struct Folders {
    pub(super) config: PathBuf,
    pub(super) state: PathBuf,
}

impl Folders {
    /// `None` without a home folder. Follows the XDG specification, except on Windows.
    pub(super) fn of_user() -> Option<Self> {
        let base = etcetera::choose_base_strategy().ok()?;
        // Windows has no folder of that kind.
        let state = base.state_dir().unwrap_or_else(|| base.data_dir());
        Some(Self {
            config: base.config_dir().join(NAME),
            state: state.join(NAME),
        })
    }
}
