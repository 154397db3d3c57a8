import ArgumentParser
import Foundation
import HoneyCore
import HoneyPlan
import Honeyguide

/// Runs the statements of scripts one after another, and the commands that are the shell's own.
final class ScriptRunner {
    let session: Session
    let console: Console
    let interrupts: Interrupts
    private var sourceDepth = 0

    init(session: Session, console: Console, interrupts: Interrupts) {
        self.session = session
        self.console = console
        self.interrupts = interrupts
    }

    /// Runs every statement of a script; stops at the first that fails.
    func run(_ script: String, quietly: Bool = false) throws {
        for statement in Script(script).statements {
            try run(statement.text, at: statement.position, quietly: quietly)
        }
    }

    private func run(_ text: String, at position: SourcePosition, quietly: Bool) throws {
        if console.isVerbose && !quietly { console.note(text) }
        let words = text.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
        switch words.first?.lowercased() {
        case nil: return
        case "quit", "exit", "!quit": throw ExitCode(0)
        case "source": try source(words.dropFirst().first ?? "", at: position)
        case "summary": try printSummary()
        case "dfs":
            try session.runFileCommand(words.dropFirst().first ?? "") { bytes in
                try bytes.withUnsafeBufferPointer { try console.write($0) }
            }
            try console.flush()
        case let word? where word.hasPrefix("!"):
            try runProgram(String(text.drop { $0.isWhitespace }.dropFirst()), at: position)
        default: try execute(text, at: position, quietly: quietly)
        }
    }

    private func execute(_ text: String, at position: SourcePosition, quietly: Bool) throws {
        interrupts.isRunning = true
        defer { interrupts.isRunning = false }
        let started = DispatchTime.now()
        let progress = Progress(session: session, isShown: !console.isSilent && !quietly)
        defer { progress.end() }
        let result = try session.execute(text, at: position)
        defer { result.close() }
        var rows = 0
        var printer = ResultText()
        var isFirst = true
        while let batch = try result.next() {
            if isFirst { try begin(result, progress, quietly: quietly) }
            isFirst = false
            rows += batch.rowCount
            try printer.withLines(of: batch) { try console.write($0) }
        }
        if isFirst { try begin(result, progress, quietly: quietly) }
        try console.flush()
        guard !quietly else { return }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds) / 1e9
        let fetched = result.schema.fields.isEmpty ? "" : ", Fetched: \(rows) row(s)"
        console.note("Time taken: \(String(format: "%.3f", seconds)) seconds\(fetched)")
    }

    private func begin(_ result: ResultSet, _ progress: Progress, quietly: Bool) throws {
        progress.end()
        if !quietly { console.note("OK") }
        if session.settings["hive.cli.print.header"]?.lowercased() == "true" && !result.schema.fields.isEmpty {
            try console.write(ResultText.header(result.schema))
        }
    }

    private func source(_ path: String, at position: SourcePosition) throws {
        var path = path.trimmingCharacters(in: .whitespaces)
        if path.count > 1, let quote = path.first, quote == "'" || quote == "\"", path.last == quote {
            path = String(path.dropFirst().dropLast())
        }
        guard !path.isEmpty else { throw HoneyError(.parse, "NO_FILE", "expected a file after source", at: position) }
        guard sourceDepth < 32 else {
            throw HoneyError(
                .semantic, "SOURCE_TOO_DEEP", "files source each other more than 32 levels deep", at: position)
        }
        sourceDepth += 1
        defer { sourceDepth -= 1 }
        try run(try ScriptFile.text(of: path))
    }

    private func runProgram(_ command: String, at position: SourcePosition) throws {
        try console.flush()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw HoneyError(
                .environment, "COMMAND_FAILED", "the command ended with status \(process.terminationStatus)",
                at: position)
        }
    }

    private func printSummary() throws {
        guard let summary = session.lastSummary else { return console.note("no query has run yet") }
        try console.write(SummaryTable(summary).text)
        try console.flush()
    }
}
