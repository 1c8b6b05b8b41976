//! Installing something only when its recipe has changed.

use crate::{
    failure::{During, Outcome},
    paths,
};
use std::{fs, path::Path};

/// Runs `install` into an empty folder unless this recipe was already carried out there.
pub(crate) fn install_once(
    folder: &Path,
    recipe: &str,
    install: impl FnOnce() -> Outcome,
) -> Outcome {
    let stamp = folder.join("recipe.installed");
    if fs::read_to_string(&stamp).is_ok_and(|done| done == recipe) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder).during(format!("emptying {}", folder.display()))?;
    }
    fs::create_dir_all(folder).during(format!("making {}", folder.display()))?;
    install()?;
    paths::write(&stamp, recipe)
}
