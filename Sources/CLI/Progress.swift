import Foundation
import HoneyPlan
import Honeyguide
import Synchronization

/// Shows on a terminal how far a query is, until its rows begin.
final class Progress: Sendable {
    private let isEnded = Mutex(false)

    /// Begins to watch; `isShown` false, or standard error not a terminal, watches nothing.
    init(session: Session, isShown: Bool) {
        guard isShown, isatty(STDERR_FILENO) != 0 else { return }
        Thread.detachNewThread { [self] in
            while true {
                Thread.sleep(forTimeInterval: 0.2)
                let isOver = isEnded.withLock { ended in
                    if !ended, let progress = session.progress {
                        let splits = "\(progress.finishedSplits)/\(progress.totalSplits) splits"
                        Progress.show(
                            "\(splits), \(progress.rowsRead) rows, \(SummaryTable.bytes(progress.bytesRead)) read")
                    }
                    return ended
                }
                if isOver { return }
            }
        }
    }

    /// Stops and clears the line.
    func end() {
        isEnded.withLock { ended in
            if !ended && isatty(STDERR_FILENO) != 0 { Progress.show("") }
            ended = true
        }
    }

    private static func show(_ text: String) { StandardStreams.complain("\r\u{1B}[K\(text)") }
}
