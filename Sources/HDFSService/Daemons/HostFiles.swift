import Foundation
import HoneyCore

/// Files that list hosts, as Hadoop's settings name them.
package struct HostFiles: Sendable {
    private let configuration: HadoopConfiguration

    package init(_ configuration: HadoopConfiguration) { self.configuration = configuration }

    /// Reads `dfs.hosts` and `dfs.hosts.exclude`; a setting without a file lists nothing.
    package func lists() throws -> (included: Set<String>, excluded: Set<String>) {
        (try hosts("dfs.hosts"), try hosts("dfs.hosts.exclude"))
    }

    private func hosts(_ name: String) throws -> Set<String> {
        guard let path = configuration[name], !path.isEmpty else { return [] }
        return Set(try lines(of: path, name).flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) })
    }

    /// Reads the racks of hosts from `net.topology.table.file.name`: a host and a rack on each line.
    package func racks() throws -> [String: String] {
        let name = "net.topology.table.file.name"
        guard let path = configuration[name], !path.isEmpty else { return [:] }
        var racks: [String: String] = [:]
        for line in try lines(of: path, name) {
            let parts = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard parts.count == 2, parts[1].hasPrefix("/") else {
                throw HoneyError(
                    .environment, "INVALID_SETTING", "expected a host and a rack such as /rack1 but found: \(line)",
                    file: FilePosition(path))
            }
            racks[parts[0]] = parts[1]
        }
        return racks
    }

    /// Lines without comments and blanks.
    private func lines(of path: String, _ name: String) throws -> [String] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw HoneyError(
                .environment, "IO_ERROR", "cannot read the file of setting \(name)", file: FilePosition(path))
        }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { String($0.prefix { $0 != "#" }).trimmed }.filter { !$0.isEmpty }
    }
}
