import Foundation
import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var making: [DfsCommand] {
        [
            DfsCommand(
                "mkdir", "[-p] <path> ...",
                "Makes directories; -p makes those above, too, and does not mind what is there already."
            ) { try $0.makeDirectories() },
            DfsCommand(
                "touchz", "<path> ...", "Makes empty files; fails where a file holds anything."
            ) { try $0.touchEmpty() },
            DfsCommand(
                "touch", "[-a] [-m] [-t TIMESTAMP (yyyyMMdd:HHmmss) ] [-c] <path> ...",
                """
                Sets the times of files to now, and makes those that are missing.

                  -a  Only the time of the last access.
                  -m  Only the time of the last change.
                  -t  To this time instead of now.
                  -c  Makes nothing.
                """
            ) { try $0.touch() },
        ]
    }
}

extension DfsRun {
    fileprivate func makeDirectories() throws {
        let makesParents = try options("p")["p"] != nil
        try process(missing: { item in
            let parent = item.location.parent
            if !makesParents, try item.fileSystem.status(parent) == nil {
                throw DfsFailure.missing(parent.description)
            }
            try item.fileSystem.makeDirectory(item.location)
        }) { item in
            guard item.isDirectory else { throw DfsFailure.isNotDirectory(item.text) }
            if !makesParents { throw DfsFailure.exists(item.text) }
        }
    }

    fileprivate func touchEmpty() throws {
        _ = try options()
        try process(missing: makeEmptyFile) { item in
            if item.isDirectory { throw DfsFailure.isDirectory(item.text) }
            if item.status?.size != 0 { throw DfsFailure(item.text, "Not a zero-length file") }
            try makeEmptyFile(item)
        }
    }

    private func makeEmptyFile(_ item: DfsItem) throws {
        guard try item.parentExists else { throw DfsFailure.missing(item.text, qualified: item.qualifiedText) }
        try item.fileSystem.write([], to: item.location, overwrite: true)
    }

    fileprivate func touch() throws {
        let timestamp = try takeOption("-t")
        let options = try options("a m c")
        let time = try timestamp.map(milliseconds)
        // Both or neither means both.
        let setsOne = (options["a"] != nil) != (options["m"] != nil)
        func setTimes(of item: DfsItem) throws {
            let time = time ?? Int((Date().timeIntervalSince1970 * 1000).rounded(.down))
            try item.administered.setTimes(
                item.location, modifiedMilliseconds: setsOne && options["a"] != nil ? nil : time,
                accessedMilliseconds: setsOne && options["m"] != nil ? nil : time)
        }
        func makeAnew(_ item: DfsItem) throws {
            guard try item.parentExists else { throw DfsFailure.missing(item.text, qualified: item.qualifiedText) }
            if options["c"] != nil { return }
            try item.fileSystem.write([], to: item.location)
            if time != nil { try setTimes(of: item) }
        }
        try process(missing: makeAnew, setTimes)
    }

    /// Reads `20201231:235959`, a time of the shell's time zone.
    private func milliseconds(_ text: String) throws -> Int {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: shell.timeZone)
        format.dateFormat = "yyyyMMdd:HHmmss"
        guard let date = format.date(from: text) else {
            throw DfsUsageError(
                "Unable to parse the specified timestamp \(text). The expected format is yyyyMMdd:HHmmss")
        }
        return Int((date.timeIntervalSince1970 * 1000).rounded(.down))
    }
}
