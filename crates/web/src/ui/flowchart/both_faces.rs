//! The two faces of a chart, which show the same.

use crate::ui::flowchart::links::ChartLinks;
use crate::ui::flowchart::lit_path::LitPath;
use crate::ui::flowchart::outline::Outline;
use crate::ui::flowchart::picture::Picture;
use crate::ui::flowchart::words::ChartWords;
use domain::router::{NodeFault, lay_out};

/// The picture and the outline of one chart.
pub struct BothFaces {
    /// For the eye and the mouse.
    pub picture: Picture,
    /// For the keyboard, screen readers, phones and paper.
    pub outline: Outline,
}

impl BothFaces {
    /// Draws both.
    pub fn new(words: &ChartWords<'_>, links: &ChartLinks, faults: &[NodeFault], lit: &LitPath) -> Self {
        let drawn = lay_out(words.chart);
        Self {
            picture: Picture::new(words, &drawn, links, faults, lit),
            outline: Outline::new(words, &drawn, links, faults, lit),
        }
    }
}
