//! Icons beside words; each is decoration, so a word always stands beside it or in the label of its button.

use crate::ui::assets::ICONS;

/// An icon of the sprite as HTML.
pub fn icon(name: &str) -> String {
    format!(r##"<svg class="icon" aria-hidden="true"><use href="{}#{name}"></use></svg>"##, ICONS.path)
}
