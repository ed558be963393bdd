//! Fitting of the models that `annotate` uses. Not needed to index or search: the fitted weights
//! are files in `data/models`, and each trainer here writes its own, the same bytes every time.

pub mod cast;
pub mod confidence;
pub mod entities;
pub mod gold;
pub mod indirect;
pub mod linear;
pub mod net;
pub mod quotes;
mod semi_markov;
