//! Prints the speed, memory and index size of the whole pipeline beside tantivy indexing the same
//! articles and doing nothing else, run in turn as processes of their own, medians.
//!
//!     cargo bench --bench side_by_side -- [CORPUS.jsonl] [--rounds N] [--folder] [--smoke]
//!
//! CORPUS is JSON Lines with "title" and "text" (WHOSAID_BENCH_CORPUS names it, too). Without one a
//! small corpus is spun out of data/articles: enough to see that everything runs, not to measure.
//! `--folder` writes the corpus out as one file an article as well, and times that and queries.
//! `--smoke` does all of it once, with a very small corpus: what CI runs.
//!
//! Not for: single functions (`hot`).

mod child;
mod corpus;
mod floor;
mod library;

use std::path::{Path, PathBuf};

use anyhow::Context;

use child::Run;
use corpus::Corpus;

/// What was asked for on the command line.
struct Options {
    corpus: Option<PathBuf>,
    /// Articles that are made up where there is no corpus.
    made_up: usize,
    rounds: usize,
    folder: bool,
}

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [mode, corpus, index, threads] = &args[..]
        && mode == floor::MODE
    {
        return floor::index(Path::new(corpus), Path::new(index), threads.parse()?);
    }
    let options = parse(args)?;
    let work = tempfile::tempdir()?;
    let corpus = match &options.corpus {
        Some(path) => Corpus::measure(path.clone())?,
        None => Corpus::spin(work.path(), options.made_up)?,
    };
    println!(
        "{} articles, {:.1} MB of text, {} rounds, {} cores\n",
        corpus.articles,
        corpus.bytes as f64 / 1e6,
        options.rounds,
        std::thread::available_parallelism()?
    );
    compare(&corpus, &options, work.path())
}

fn parse(args: Vec<String>) -> anyhow::Result<Options> {
    let corpus = std::env::var_os("WHOSAID_BENCH_CORPUS").map(PathBuf::from);
    let mut options = Options { corpus, made_up: 2_000, rounds: 5, folder: false };
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--rounds" => options.rounds = args.next().context("--rounds N")?.parse()?,
            "--folder" => options.folder = true,
            "--smoke" => {
                options.made_up = 150;
                options.rounds = 1;
                options.folder = true;
            }
            _ => options.corpus = Some(arg.into()),
        }
    }
    Ok(options)
}

/// One line of the table: a name and the program that is timed.
struct Contestant {
    name: &'static str,
    command: Vec<String>,
    index: PathBuf,
    runs: Vec<Run>,
}

impl Contestant {
    fn new(name: &'static str, index: PathBuf, command: Vec<String>) -> Self {
        Contestant { name, command, index, runs: Vec::new() }
    }

    fn run(&mut self) -> anyhow::Result<()> {
        let _ = std::fs::remove_dir_all(&self.index);
        self.runs.push(child::run(&self.command)?);
        Ok(())
    }

    fn seconds(&self) -> f64 {
        median(self.runs.iter().map(|run| run.seconds).collect())
    }

    fn peak(&self) -> f64 {
        median(self.runs.iter().map(|run| run.peak as f64).collect())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| word.to_string()).collect()
}

/// Tantivy alone first: the others are told as shares of it.
fn contestants(corpus: &Corpus, folder: Option<&Path>, work: &Path) -> Vec<Contestant> {
    let own = text(&std::env::current_exe().expect("this program has a path"));
    let jsonl = text(&corpus.path);
    let mut list = Vec::new();
    let mut raw = |name, threads: &str| {
        let index = work.join(format!("raw{threads}"));
        let command = strings(&[&own, floor::MODE, &jsonl, &text(&index), threads]);
        list.push(Contestant::new(name, index, command));
    };
    raw("tantivy alone, 2 threads", "2");
    raw("tantivy alone, 1 thread", "1");
    let whosaid = env!("CARGO_BIN_EXE_whosaid");
    let mut ours = |name, input: &str, index: &str, more: &[&str]| {
        let index = work.join(index);
        let mut command = strings(&[whosaid, "index", input, "--index", &text(&index)]);
        command.extend(strings(more));
        list.push(Contestant::new(name, index, command));
    };
    ours("whosaid", &jsonl, "ours", &[]);
    ours("whosaid, 2 threads", &jsonl, "ours2", &["--threads", "2"]);
    ours("whosaid, 1 thread", &jsonl, "ours1", &["--threads", "1"]);
    if let Some(folder) = folder {
        ours("whosaid, one file an article", &text(folder), "oursf", &[]);
    }
    list
}

fn compare(corpus: &Corpus, options: &Options, work: &Path) -> anyhow::Result<()> {
    let folder = options.folder.then(|| corpus.unfold(work)).transpose()?;
    let mut list = contestants(corpus, folder.as_deref(), work);
    for _ in 0..options.rounds {
        list.iter_mut().try_for_each(Contestant::run)?;
    }
    let megabytes = corpus.bytes as f64 / 1e6;
    let floor = list[0].seconds();
    println!(
        "| | MB/s | of tantivy alone | peak memory, MB | index ÷ text |\n|---|---|---|---|---|"
    );
    for one in &list {
        println!(
            "| {} | {:.1} | {:.2} | {:.0} | {:.2} |",
            one.name,
            megabytes / one.seconds(),
            floor / one.seconds(),
            one.peak() / 1e6,
            child::size(&one.index) as f64 / corpus.bytes as f64
        );
    }
    let seconds = |name: &str| list.iter().find(|c| c.name == name).map(Contestant::seconds);
    if let (Some(one), Some(two)) = (seconds("whosaid, 1 thread"), seconds("whosaid, 2 threads")) {
        println!("\n2 threads ÷ 1 thread: {:.2}", one / two);
    }
    let copies = [env!("CARGO_BIN_EXE_whosaid"), "duplicates", "--count", &text(&corpus.path)];
    println!("copies of paragraphs, without an index: {:.2} s", time(&copies, options.rounds)?);
    if let Some(folder) = &folder {
        let apart = seconds("whosaid, one file an article").expect("it ran");
        println!(
            "folder of files ÷ JSON Lines: {:.2}",
            seconds("whosaid").expect("it ran") / apart
        );
        queries(&work.join("ours"), folder, options.rounds)?;
    }
    library::compare(&work.join("raw2"), &work.join("ours"))
}

/// Median seconds from process start to process end.
fn time(command: &[&str], rounds: usize) -> anyhow::Result<f64> {
    let runs = (0..rounds.max(3)).map(|_| child::run(&strings(command)));
    Ok(median(runs.map(|run| Ok(run?.seconds)).collect::<anyhow::Result<_>>()?))
}

/// Process start to answer, beside a search for one word over the files with ripgrep.
fn queries(index: &Path, folder: &Path, rounds: usize) -> anyhow::Result<()> {
    let time = |command: &[&str]| time(command, rounds);
    let index = text(index);
    let rg = time(&["rg", "-l", "said", &text(folder)]).ok();
    println!("\n| query | ms | of `rg -l` |\n|---|---|---|");
    let cases: [&[&str]; 6] = [
        &["peace"],
        &["the", "report"],
        &["--speaker", "smith"],
        &["--speaker", "smith", "--kind", "direct", "--sort", "date", "time"],
        &["--since", "2023-06-01", "--min-confidence", "0.8", "people"],
        &["--unknown", "--limit", "20"],
    ];
    for case in cases {
        let start = [env!("CARGO_BIN_EXE_whosaid"), "query", "--index", &index];
        let seconds = time(&[&start, case].concat())?;
        let share = rg.map_or("-".into(), |rg| format!("{:.2}", seconds / rg));
        println!("| `{}` | {:.0} | {share} |", case.join(" "), seconds * 1e3);
    }
    Ok(())
}
