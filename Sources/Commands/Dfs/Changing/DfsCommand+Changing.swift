import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var changing: [DfsCommand] {
        [
            DfsCommand(
                "truncate", "[-w] <length> <path> ...",
                "Cuts files to a length; -w waits until the file system is done with it."
            ) { try $0.truncate() },
            DfsCommand(
                "concat", "<target path> <src path> <src path> ...",
                "Moves what the source files hold to the end of the target, in order; the sources are gone then."
            ) { try $0.concatenate() },
            DfsCommand(
                "setrep", "[-R] [-w] <rep> <path> ...",
                """
                Sets how many replicas files are to have, those below directories included.

                  -w  Waits until they have them.
                  -R  Does nothing; old scripts have it.
                """
            ) { try $0.setReplication() },
        ]
    }
}

extension DfsRun {
    fileprivate func truncate() throws {
        let waits = try options("w", 2)["w"] != nil
        let length = try number("length", "a non-negative integer")
        var unfinished: [DfsItem] = []
        try process { item in
            guard let status = item.status, !status.isDirectory else { throw DfsFailure.isDirectory(item.text) }
            if length > status.size {
                throw DfsUsageError(
                    "Cannot truncate to a larger file size. Current size: \(status.size), truncate size: \(length).")
            }
            if try item.administered.truncate(item.location, to: length) {
                try print("Truncated \(item.text) to length: \(length)")
            } else if waits {
                unfinished.append(item)
            } else {
                try print(
                    "Truncating \(item.text) to length: \(length). "
                        + "Wait for block recovery to complete before further updating this file.")
            }
        }
        try each(unfinished) { item in
            try print("Waiting for \(item.text) ...")
            while try item.fileSystem.status(item.location)?.size != length { try shell.pause(1000) }
            try print("Truncated \(item.text) to length: \(length)")
        }
    }

    /// Takes a number off the front of the arguments.
    private func number(_ name: String, _ kind: String) throws -> Int {
        let text = arguments.removeFirst()
        guard let number = Int(text) else {
            warn("Illegal \(name), \(kind) expected")
            throw DfsUsageError("For input string: \"\(text)\"")
        }
        return number
    }

    fileprivate func concatenate() throws {
        guard !arguments.isEmpty else {
            throw DfsFailure("Target path not specified. <target path> <src path> <src path> ...")
        }
        guard arguments.count > 2 else {
            throw DfsFailure(
                "The number of source paths is less than 2. <target path> <src path> <src path> ...")
        }
        let target = try target(arguments.removeFirst())
        let sources = try expand(arguments)
        guard target.status?.isDirectory == false else {
            throw DfsFailure("Target path \(target.location) does not exist or is not file.")
        }
        for source in sources where source.status?.isDirectory != false {
            throw DfsFailure("\(source.location) does not exist or is not file.")
        }
        try attempt(target.text) {
            try target.administered.concatenate(sources.map(\.location), onto: target.location)
        }
    }

    fileprivate func setReplication() throws {
        let waits = try options("R w", 2)["w"] != nil
        let count = try number("replication", "a positive integer")
        guard count >= 1 else { throw DfsUsageError("replication must be >= 1") }
        var changed: [DfsItem] = []
        try process(recursively: true) { item in
            if item.isDirectory { return }
            guard try item.administered.setReplication(item.location, to: count) else {
                throw DfsFailure("Could not set replication for: \(item.text)")
            }
            try print("Replication \(count) set: \(item.text)")
            changed.append(item)
        }
        if waits { try each(changed) { try wait(for: $0, toHave: count) } }
    }

    private func wait(for item: DfsItem, toHave count: Int) throws {
        try write(Array("Waiting for \(item.text) ...".utf8))
        var hasWarned = false
        while true {
            let size = try item.fileSystem.status(item.location)?.size ?? 0
            let counts = try item.fileSystem.locations(of: item.location, range: 0..<size).map(\.hosts.count)
            guard let other = counts.first(where: { $0 != count }) else { break }
            if other > count, !hasWarned {
                try print("\nWARNING: the waiting time may be long for DECREASING the number of replications.")
                hasWarned = true
            }
            try write([UInt8(ascii: ".")])
            try shell.pause(1000)
        }
        try print(" done")
    }
}
