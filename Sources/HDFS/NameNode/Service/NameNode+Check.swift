import Foundation
import HoneyHDFSMessages
package import HoneyWorld
import SwiftProtobuf

/// What Hadoop's `fsck` asks over HTTP.
extension NameNode {
    /// Checks all under a path and tells the text; a user sees what he may read. `files` are those that lost a block.
    ///
    /// Of corrupt files at most `Self.listedFiles` are told at once, from the one after `startAfter` on.
    package func check(
        _ path: String, options: FileSystemCheck.Options, startAfter: Int, user: String, host: String, at now: Moment
    ) -> (text: String, files: [String]) {
        do {
            guard !options.listsCorruptFiles else {
                return try corruptFiles(under: path, startAfter: startAfter, user: user)
            }
            let namespace = try namespaceNow()
            let resolved = try resolve(path)
            guard resolved.inode != nil else { return ("\n\nPath '\(path)' does not exist", []) }
            // Counting asks for leave to read each directory, as a check must.
            let request = WireGetContentSummaryRequest.with { $0.path = path }
            _ = try getContentSummary(request, caller(named: user))
            let text = FileSystemCheck.text(
                of: namespace, namespace.blocks, path: resolved.text, options: options, user: user, host: host,
                date: Self.javaDate(now.wallMilliseconds), at: now)
            return (text, lossyFiles(under: resolved.text))
        } catch {
            return ("FileSystem is inaccessible due to:\n\(error)\n\nFsck on path '\(path)' FAILED", [])
        }
    }

    private static let listedFiles = 100

    private func corruptFiles(under path: String, startAfter: Int, user: String) throws(RemoteException)
        -> (text: String, files: [String])
    {
        try requireSuperuser(caller(named: user))
        let blocks = try namespaceNow().blocks
        var lines: [String] = []
        var place = startAfter
        for block in blocks.blocksWithoutGoodReplica.dropFirst(startAfter) {
            guard lines.count < Self.listedFiles else { break }
            place += 1
            guard let file = self.path(ofFile: block.file), FilePath.isPath(file, atOrBelow: path) else { continue }
            lines.append("blk_\(block.id)\t\(file)\n")
        }
        let count = lines.isEmpty ? (startAfter == 0 ? "no" : "no more") : "\(lines.count)"
        return (
            "Cookie:\t\(place)\n" + lines.joined()
                + "\n\nThe filesystem under path '\(path)' has \(count) CORRUPT files\n", []
        )
    }

    /// Files under a path with a block that has no good replica.
    private func lossyFiles(under path: String) -> [String] {
        guard let blocks = loaded?.blocks else { return [] }
        var files: [String] = []
        for block in blocks.blocksWithoutGoodReplica {
            guard let file = self.path(ofFile: block.file), FilePath.isPath(file, atOrBelow: path),
                files.last != file
            else { continue }
            files.append(file)
        }
        return files
    }

    /// A time of UTC as `java.util.Date` prints it: `Sun Nov 29 16:37:00 UTC 2026`.
    private static func javaDate(_ milliseconds: Int) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE MMM dd HH:mm:ss 'UTC' yyyy"
        return formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1000))
    }
}

extension Namespace: CheckedNamespace {
    package func visit(_ path: String, _ body: (CheckedEntry) -> Void) -> Bool {
        guard let path = try? FilePath(path), let inode = try? resolve(path).inode else { return false }
        // Paths are put together on the way down: asking each inode for its own would go up again for each.
        visit(inode, path.text, body)
        return true
    }

    private func visit(_ inode: Inode, _ path: String, _ body: (CheckedEntry) -> Void) {
        if let file = inode.file {
            body(
                .file(
                    CheckedFile(path: path, replication: file.replication, blocks: file.blocks, isOpen: file.isOpen)))
            return
        }
        body(.directory(path: path))
        inode.directory?.children.forEach { child in
            visit(child, (path == "/" ? "/" : path + "/") + child.name.text, body)
            return true
        }
    }
}
