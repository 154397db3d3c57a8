import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import Synchronization

extension Session {
    /// Runs what follows `dfs`, such as `-ls /`; its output goes to `output` piece by piece. Fails with what the command complains of.
    public func runFileCommand(_ text: String, output: ([UInt8]) throws -> Void) throws {
        let command = FileCommand(
            arguments: try SessionStatement.words(try VariableSubstitution(session: self).applied(to: text)),
            settings: settings.all)
        var complaints: [String] = []
        stopsFileCommand.withLock { $0 = false }
        let status = try command.shell(on: engine, timeZone: values.timeZone, pause: pause).run(
            arguments: command.arguments, output: output, errors: { complaints.append($0) })
        guard status == 0 else {
            let message = complaints.isEmpty ? "dfs ended with status \(status)" : complaints.joined(separator: "\n")
            throw HoneyError(.environment, "DFS_FAILED", message)
        }
    }

    /// Waits until the time is over or the session is told to stop.
    private func pause(milliseconds: Int) throws {
        var left = milliseconds
        while left > 0 {
            LocalFileSystem.sleep(milliseconds: min(left, 50))
            left -= 50
            if stopsFileCommand.withLock({ $0 }) {
                throw HoneyError(.cancelled, "CANCELLED", "the file command was stopped")
            }
        }
    }
}
