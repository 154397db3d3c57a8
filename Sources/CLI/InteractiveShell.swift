import ArgumentParser
import CEdit
import Foundation
import Honeyguide

/// Reads statements from a terminal, over several lines until `;`, with history.
struct InteractiveShell {
    private let runner: ScriptRunner
    private let historyPath: String

    init(runner: ScriptRunner, historyPath: String) {
        self.runner = runner
        self.historyPath = historyPath
    }

    func run() throws {
        runner.interrupts.isInteractive = true
        using_history()
        stifle_history(10_000)
        read_history(historyPath)
        defer { write_history(historyPath) }
        var pending = ""
        while let line = readLine(prompt: pending.isEmpty ? "honeyguide> " : "          > ") {
            if runner.interrupts.takeInterrupt() {
                pending = ""
                continue
            }
            if pending.isEmpty {
                let word = line.trimmingCharacters(in: .whitespaces).lowercased()
                if ["quit", "exit", "!quit"].contains(word) { return }
                if word.isEmpty { continue }
            }
            pending += pending.isEmpty ? line : "\n" + line
            guard Script(pending).isComplete else { continue }
            add_history(pending.replacingOccurrences(of: "\n", with: " "))
            if !runStatements(pending) { return }
            pending = ""
        }
        print("")
    }

    /// Runs them, reporting a failure; false when one asks to leave.
    private func runStatements(_ text: String) -> Bool {
        do {
            try runner.run(text)
        } catch is ExitCode {
            return false
        } catch {
            runner.console.fail(error)
        }
        _ = runner.interrupts.takeInterrupt()
        return true
    }

    private func readLine(prompt: String) -> String? {
        guard let line = readline(prompt) else { return nil }
        defer { free(line) }
        return String(cString: line)
    }
}
