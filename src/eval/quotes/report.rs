//! The figures as tables of text, laid out as the usual scorer does.

use std::fmt::{Formatter, Result};

use super::{Counts, Scores, all, ratio, turns};
use crate::eval::percent::rounded;

/// Writes all tables.
pub fn write(scores: &Scores, f: &mut Formatter<'_>) -> Result {
    let heading = "TURNS (direct speech)      P      R      F1     right/pred  right/gold";
    writeln!(f, "{} articles\n\n{heading}", scores.articles)?;
    turns::FIGURES.iter().try_for_each(|name| row(f, name, scores.of(name)))?;
    sources(&scores.sources, f)?;
    writeln!(f, "\nNAMES (silver)")?;
    ["surname", "pronoun"].iter().try_for_each(|name| row(f, name, scores.of(name)))?;
    writeln!(f, "\nALL ATTRIBUTIONS")?;
    for kind in all::KINDS {
        for name in all::FIGURES.map(|name| all::figure(kind, name)) {
            row(f, &name, scores.of(&name))?;
        }
    }
    phenomena(scores, f)?;
    confidence(scores, f)
}

fn row(f: &mut Formatter<'_>, name: &str, counts: Counts) -> Result {
    let [p, r, f1] = counts.figures();
    let Counts { given, gold, right_given, right_gold } = counts;
    writeln!(f, "  {name:<22}{p:6.1} {r:6.1} {f1:6.1}   {right_given}/{given}  {right_gold}/{gold}")
}

fn sources(sources: &turns::Sources, f: &mut Formatter<'_>) -> Result {
    let share = |part| rounded(ratio(part, sources.matched));
    let (right, by_name, none) =
        (share(sources.right), share(sources.by_name), share(sources.none));
    writeln!(
        f,
        "  source right when matched: {right:.1}  by name too: {by_name:.1}  none given: {none:.1}  (n={})",
        sources.matched
    )?;
    let types = sources.by_type.iter().map(|(name, row)| {
        let (right, by_name) = (ratio(row.right, row.matched), ratio(row.by_name, row.matched));
        format!("{name} {}/{} src {right:.0} src* {by_name:.0}", row.matched, row.gold)
    });
    writeln!(f, "  by gold source type: {}", types.collect::<Vec<_>>().join("  "))
}

fn phenomena(scores: &Scores, f: &mut Formatter<'_>) -> Result {
    writeln!(f, "\n{:<42}{:>6}{:>9}", "TURNS BY KIND", "turns", "% right")?;
    for (name, count, right) in scores.phenomena.rows() {
        writeln!(f, "  {name:<40}{count:>6}{:>9.0}", ratio(right, count))?;
    }
    Ok(())
}

fn confidence(scores: &Scores, f: &mut Formatter<'_>) -> Result {
    writeln!(f, "\nCONFIDENCE   answers   stated   right")?;
    for (tenth, bin) in scores.stated.bins() {
        let (stated, right) = bin.means();
        let (from, to) = (10 * tenth, 10 * tenth + 10);
        writeln!(f, "  {from:>3}-{to:<3} % {:>9}{stated:>9.3}{right:>8.3}", bin.answers)?;
    }
    writeln!(f, "  mean distance, bins alike: {:.3}", scores.stated.gap())
}
