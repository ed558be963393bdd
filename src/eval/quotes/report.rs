//! The figures as a table of text.

use std::fmt::Write;

use super::Tally;

/// The table of all figures.
pub fn table(articles: usize, tally: &mut Tally) -> String {
    let mut out = format!("{articles} articles\n\nTURNS (direct speech)        P      R     F1\n");
    for name in ["exact", "matched", "e2e", "e2e*", "strict"] {
        row(&mut out, tally, name);
    }
    out.push_str("\nNAMES\n");
    for name in ["surname", "pronoun"] {
        row(&mut out, tally, name);
    }
    out.push_str("\nALL ATTRIBUTIONS\n");
    for kind in ["direct", "mixed", "scare", "indirect", "any"] {
        for name in ["exact", "matched", "e2e"] {
            row(&mut out, tally, &format!("{kind} {name}"));
        }
    }
    out
}

fn row(out: &mut String, tally: &mut Tally, name: &str) {
    let counts = *tally.of(name);
    let [p, r, f1] = counts.figures();
    let (a, b, c, d) = (counts.right_given, counts.given, counts.right_gold, counts.gold);
    writeln!(out, "  {name:<22} {p:6.1} {r:6.1} {f1:6.1}   {a}/{b}  {c}/{d}")
        .expect("writing to a string");
}
