import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan

extension Session {
    /// Runs what follows `dfs`, such as `-ls /`; its output goes to `output` piece by piece. Fails with what the command complains of.
    public func runFileCommand(_ text: String, output: ([UInt8]) throws -> Void) throws {
        let command = FileCommand(
            arguments: try SessionStatement.words(try VariableSubstitution(session: self).applied(to: text)),
            settings: settings.all)
        var complaints: [String] = []
        let status = try command.shell(on: engine, timeZone: values.timeZone).run(
            arguments: command.arguments, output: output, errors: { complaints.append($0) })
        guard status == 0 else {
            let message = complaints.isEmpty ? "dfs ended with status \(status)" : complaints.joined(separator: "\n")
            throw HoneyError(.environment, "DFS_FAILED", message)
        }
    }
}
