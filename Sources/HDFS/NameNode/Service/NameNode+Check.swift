import Foundation
import HoneyHDFSMessages
package import HoneyWorld
import SwiftProtobuf

/// A check of a tree, or what came of it.
package enum CheckProgress: Sendable {
    case running(RunningCheck)
    /// `files` are those that lost a block.
    case done(text: String, files: [String])

    fileprivate static func failed(_ error: any Error, _ path: String) -> CheckProgress {
        .done(text: "FileSystem is inaccessible due to:\n\(error)\n\nFsck on path '\(path)' FAILED", files: [])
    }
}

/// A check that goes on in steps, between which the NameNode serves others.
package final class RunningCheck: @unchecked Sendable {
    // All is touched on the NameNode's event loop only.
    fileprivate var check: FileSystemCheck
    fileprivate var walk: TreeWalk
    fileprivate let caller: Caller

    fileprivate init(_ check: FileSystemCheck, _ walk: TreeWalk, _ caller: Caller) {
        self.check = check
        self.walk = walk
        self.caller = caller
    }
}

/// What Hadoop's `fsck` asks over HTTP.
extension NameNode {
    /// Begins a check of all under a path; a user sees what he may read. `advance` goes on with it.
    ///
    /// Of corrupt files at most `Self.listedFiles` are told at once, from the one after `startAfter` on.
    package func beginCheck(
        _ path: String, options: FileSystemCheck.Options, startAfter: Int, user: String, host: String, at now: Moment
    ) -> CheckProgress {
        do {
            guard !options.listsCorruptFiles else {
                let text = try corruptFiles(under: path, startAfter: startAfter, user: user)
                return .done(text: text, files: [])
            }
            let caller = caller(named: user)
            let namespace = try namespaceNow()
            let resolved = try resolve(path)
            try namespace.check(resolved, caller)
            guard let inode = resolved.inode else {
                return .done(text: "\n\nPath '\(path)' does not exist", files: [])
            }
            let check = FileSystemCheck(
                of: resolved.text, namespace.blocks, options: options, user: user, host: host,
                date: Self.javaDate(now.wallMilliseconds), at: now)
            let running = RunningCheck(check, TreeWalk(of: inode, at: resolved.text), caller)
            return .running(running)
        } catch {
            return .failed(error, path)
        }
    }

    /// Goes on with a check, for so many files and directories.
    package func advance(_ running: RunningCheck, by count: Int = 2000, at now: Moment) -> CheckProgress {
        let path = running.check.path
        do {
            let namespace = try namespaceNow()
            // One that became a standby meanwhile has read its name space anew.
            guard namespace.blocks === running.check.manager else {
                throw RemoteException.standby("name space was read anew")
            }
            let goesOn = try running.walk.advance(by: count, in: namespace) { inode, path throws(RemoteException) in
                guard let file = inode.file else {
                    try namespace.check(inode, running.caller, [.read, .execute], path: path)
                    return running.check.take(.directory(path: path))
                }
                running.check.take(
                    .file(
                        CheckedFile(
                            path: path, replication: file.replication, blocks: file.blocks, isOpen: file.isOpen)))
            }
            if goesOn { return .running(running) }
            return .done(text: running.check.finish(at: now), files: lossyFiles(under: path))
        } catch {
            return .failed(error, path)
        }
    }

    private static let listedFiles = 100

    private func corruptFiles(under path: String, startAfter: Int, user: String) throws(RemoteException) -> String {
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
        return "Cookie:\t\(place)\n" + lines.joined()
            + "\n\nThe filesystem under path '\(path)' has \(count) CORRUPT files\n"
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
