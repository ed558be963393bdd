//! Arguments of `whosaid train` and `whosaid eval`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use whosaid::commands::eval;
use whosaid::commands::train;

/// Make the weights in data/models again from training data (for developers)
#[derive(Subcommand)]
pub(super) enum Train {
    /// Fit the entity recogniser
    Entities(TrainArgs),
    /// Fit the models that find quotes and whose words they are
    Quotes(TrainArgs),
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  whosaid train entities ner/train --out data/models
  whosaid train quotes quotes/train.jsonl.gz --out data/models")]
pub(super) struct TrainArgs {
    /// Files or folders with marked articles
    #[arg(value_name = "DATA", required = true)]
    data: Vec<PathBuf>,
    /// Folder that the models are written to
    #[arg(long, value_name = "DIR", default_value = "data/models")]
    out: PathBuf,
}

impl From<Train> for train::Config {
    fn from(args: Train) -> Self {
        let (model, args) = match args {
            Train::Entities(args) => (train::Model::Entities, args),
            Train::Quotes(args) => (train::Model::Quotes, args),
        };
        train::Config { model, data: args.data, out: args.out }
    }
}

/// Score the built-in models against marked articles (for developers)
#[derive(Subcommand)]
pub(super) enum Eval {
    /// Score names: strict span and kind
    Entities(EvalArgs),
    /// Score quotes and their speakers
    Quotes(EvalArgs),
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  whosaid eval entities ner/dev/*.jsonl
  whosaid eval quotes quotes/dev.jsonl.gz")]
pub(super) struct EvalArgs {
    /// Files with marked articles
    #[arg(value_name = "GOLD", required = true)]
    gold: Vec<PathBuf>,
}

impl From<Eval> for eval::Config {
    fn from(args: Eval) -> Self {
        let (model, args) = match args {
            Eval::Entities(args) => (train::Model::Entities, args),
            Eval::Quotes(args) => (train::Model::Quotes, args),
        };
        eval::Config { model, gold: args.gold }
    }
}
