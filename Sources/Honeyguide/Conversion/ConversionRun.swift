import Dispatch
import HoneyCore
import HoneyFiles
import Synchronization

/// Converts files, several at a time; each is finished on its own, so that a run that was stopped goes on where it was.
final class ConversionRun: Sendable {
    private struct State {
        var next = 0
        var progress = ConversionProgress()
        var finishedBefore = 0
        var entries: [ConversionJournal.Entry] = []
        var failure: (any Error)?
    }

    private let files: [(file: ConversionSource.File, name: String)]
    private let conversion: FileConversion
    private let journal: ConversionJournal
    private let verifies: Bool
    private let report: @Sendable (ConversionProgress) -> Void
    private let state: Mutex<State>

    /// Plans to convert files that the journal does not say are finished.
    init(
        _ files: [ConversionSource.File], by conversion: FileConversion, journal: ConversionJournal, verifies: Bool,
        report: @escaping @Sendable (ConversionProgress) -> Void
    ) {
        self.files = ConversionRun.named(files, avoiding: journal)
        self.conversion = conversion
        self.journal = journal
        self.verifies = verifies
        self.report = report
        var state = State()
        state.progress.totalFiles = files.count
        state.progress.totalBytes = files.reduce(0) { $0 + $1.status.size }
        self.state = Mutex(state)
    }

    /// Gives each file the name that its copy gets, without the format's suffix: its own up to the first point, and a number when
    /// that is taken.
    private static func named(
        _ files: [ConversionSource.File], avoiding journal: ConversionJournal
    ) -> [(file: ConversionSource.File, name: String)] {
        func base(_ name: String) -> String { name.split(separator: ".").first.map { String($0) } ?? "file" }
        var taken = Set(
            journal.targets.map { target in
                let parts = target.split(separator: "/")
                return (parts.dropLast() + [Substring(base(String(parts.last ?? "")))]).joined(separator: "/")
            })
        return files.map { file in
            let own = base(file.status.location.name)
            // A file that has changed since takes its old copy's place.
            if let target = journal.target(of: file.status) {
                return (file, base(String(target.split(separator: "/").last ?? "")))
            }
            var name = own
            var number = 2
            while !taken.insert(file.directory + name).inserted {
                name = "\(own)-\(number)"
                number += 1
            }
            return (file, name)
        }
    }

    /// Converts all files with so many threads; fails with the first failure, after those at work have ended.
    func run(threads: Int) throws -> (entries: [ConversionJournal.Entry], finishedBefore: Int) {
        state.withLock { report($0.progress) }
        DispatchQueue.concurrentPerform(iterations: max(1, min(threads, files.count))) { _ in
            while let index = take() {
                do { try convert(index) } catch { fail(error, at: index) }
            }
        }
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            return (state.entries, state.finishedBefore)
        }
    }

    private func take() -> Int? {
        state.withLock { state in
            guard state.failure == nil, state.next < files.count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    /// Notes a failure; the first is the one that is told.
    private func fail(_ error: any Error, at index: Int) {
        var error = error
        if var known = error as? HoneyError {
            known.file = known.file ?? FilePosition(files[index].file.status.location.description)
            error = known
        }
        state.withLock { [error] in $0.failure = $0.failure ?? error }
    }

    private func convert(_ index: Int) throws {
        let (file, name) = files[index]
        if var entry = journal.entry(of: file.status), try conversion.isThere(entry) {
            if verifies, entry.targetChecksum == nil {
                entry = try conversion.verify(file, entry)
                try journal.add(entry)
            }
            return finish(file, entry, isNew: false)
        }
        let entry = try conversion.convert(file, named: name, verifies: verifies) { rows in
            note { $0.progress.rows += rows }
        }
        try journal.add(entry)
        finish(file, entry, isNew: true)
    }

    private func finish(_ file: ConversionSource.File, _ entry: ConversionJournal.Entry, isNew: Bool) {
        note { state in
            state.entries.append(entry)
            state.progress.finishedFiles += 1
            state.progress.finishedBytes += file.status.size
            if !isNew {
                state.progress.rows += entry.rows
                state.finishedBefore += 1
            }
        }
    }

    private func note(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            report(state.progress)
        }
    }
}
