import Foundation
import HoneyCore
import HoneyFiles

extension DfsRun {
    func ls() throws {
        try each(operands.isEmpty ? [shell.workingDirectory] : operands) { item in
            guard item.isDirectory, !options.contains("d") else { return try printItems([item]) }
            try list(item)
        }
    }

    private func list(_ directory: Item) throws {
        let children = try sorted(directory.fileSystem.list(directory.location).map(directory.child))
        guard options.contains("R") else {
            if !children.isEmpty, !options.contains("C") { try print("Found \(children.count) items") }
            return try printItems(children)
        }
        for child in children {
            try printItems([child], among: children)
            if child.isDirectory { try attempt(child.text) { try list(child) } }
        }
    }

    private func sorted(_ items: [Item]) -> [Item] {
        var items = items
        if options.contains("t") {
            items.sort { ($0.status?.modifiedMilliseconds ?? 0) > ($1.status?.modifiedMilliseconds ?? 0) }
        } else if options.contains("S") {
            items.sort { ($0.status?.size ?? 0) > ($1.status?.size ?? 0) }
        }
        return options.contains("r") ? items.reversed() : items
    }

    /// Prints one line each, with columns as wide as those of `all` need.
    private func printItems(_ items: [Item], among all: [Item]? = nil) throws {
        if options.contains("C") {
            for item in items { try print(item.text) }
            return
        }
        let statuses = (all ?? items).compactMap(\.status)
        let ownerWidth = statuses.map(\.owner.count).max() ?? 0
        let groupWidth = statuses.map(\.group.count).max() ?? 0
        let sizeWidth = max(10, statuses.map { size($0.size).count }.max() ?? 0)
        for item in items {
            guard let status = item.status else { continue }
            let columns = [
                DfsText.mode(status), DfsText.right(status.isDirectory ? "-" : "1", 3),
                Padding.field(status.owner, width: ownerWidth), Padding.field(status.group, width: groupWidth),
                DfsText.right(size(status.size), sizeWidth),
                DfsText.time(status.modifiedMilliseconds, timeZone: shell.timeZone, hasSeconds: false), item.text,
            ]
            try print(columns.joined(separator: " "))
        }
    }

    private func size(_ bytes: Int) -> String { options.contains("h") ? DfsText.humanSize(bytes) : String(bytes) }

    func du() throws {
        var rows: [(String, String)] = []
        try each(operands) { item in
            var items = [item]
            if item.isDirectory, !options.contains("s") {
                items = try item.fileSystem.list(item.location).map(item.child)
            }
            for item in items { rows.append((size(try totals(item).bytes), item.text)) }
        }
        let width = rows.map(\.0.count).max() ?? 0
        for (size, text) in rows {
            let column = Padding.field(size, width: width)
            try print("\(column)  \(column)  \(text)")
        }
    }

    func count() throws {
        try each(operands) { item in
            let totals = try totals(item)
            var line = ""
            if options.contains("q") {
                line = DfsText.right("none", 12) + " "
                line += ["inf", "none", "inf"].map { DfsText.right($0, 15) + " " }.joined()
            }
            line += DfsText.right(String(totals.directories), 12) + " " + DfsText.right(String(totals.files), 12) + " "
            try print(line + DfsText.right(size(totals.bytes), 18) + " " + item.text)
        }
    }

    private func totals(_ item: Item) throws -> (directories: Int, files: Int, bytes: Int) {
        guard item.isDirectory else { return (0, 1, item.status?.size ?? 0) }
        var sum = (directories: 1, files: 0, bytes: 0)
        for status in try item.fileSystem.list(item.location) {
            let part = try totals(item.child(status))
            sum = (sum.directories + part.directories, sum.files + part.files, sum.bytes &+ part.bytes)
        }
        return sum
    }

    func stat() throws {
        let format = operands[0].contains("%") ? operands[0] : "%y"
        let paths = operands[0].contains("%") ? Array(operands.dropFirst()) : operands
        try each(paths) { item in
            guard let status = item.status else { return }
            var text = ""
            var rest = Array(format)[...]
            while let character = rest.popFirst() {
                guard character == "%", let field = rest.popFirst() else {
                    text.append(character)
                    continue
                }
                text += statField(field, status, blockBytes: item.fileSystem.traits.blockBytes)
            }
            try print(text)
        }
    }

    private func statField(_ field: Character, _ status: FileStatus, blockBytes: Int) -> String {
        switch field {
        case "b": String(status.size)
        case "n": status.location.name
        case "o": String(status.isDirectory ? 0 : blockBytes)
        case "r": status.isDirectory ? "0" : "1"
        case "F": status.isDirectory ? "directory" : "regular file"
        case "u": status.owner
        case "g": status.group
        case "a": String(status.permissions, radix: 8)
        case "A": String(DfsText.mode(status).dropFirst())
        case "y": DfsText.time(status.modifiedMilliseconds, timeZone: "UTC", hasSeconds: true)
        case "Y": String(status.modifiedMilliseconds)
        default: String(field)
        }
    }

    func test() throws {
        guard let status = try? item(operands[0]).status else { return fail() }
        let holds =
            switch options.first {
            case "d": status.isDirectory
            case "f": !status.isDirectory
            case "s": status.isDirectory || status.size > 0
            case "z": !status.isDirectory && status.size == 0
            case "r": status.permissions & 0o444 != 0
            case "w": status.permissions & 0o222 != 0
            default: true
            }
        if !holds { fail() }
    }

    func cat() throws {
        try each(operands) { item in
            guard !item.isDirectory else { return complain(item.text, "Is a directory") }
            let file = try item.fileSystem.open(item.location)
            try write(file, from: 0)
        }
    }

    func head() throws { try part { _ in 0 } }
    func tail() throws { try part { max(0, $0 - 1024) } }

    /// Writes a kilobyte of a file.
    private func part(_ start: (Int) -> Int) throws {
        try each([operands[0]]) { item in
            guard !item.isDirectory else { return complain(item.text, "Is a directory") }
            let file = try item.fileSystem.open(item.location)
            try write(file, from: start(file.size), limit: 1024)
        }
    }

    private func write(_ file: any ReadableFile, from start: Int, limit: Int = .max) throws {
        var offset = start
        while offset - start < limit {
            let wanted = min(limit - (offset - start), 1 << 18)
            let bytes = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                count = try file.read(at: offset, count: wanted, into: buffer.baseAddress!)
            }
            if bytes.isEmpty { return }
            try write(bytes)
            offset += bytes.count
        }
    }
}

/// Pieces of Hadoop's listings.
enum DfsText {
    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// `drwxr-xr-x`
    static func mode(_ status: FileStatus) -> String {
        let letters = Array("rwxrwxrwx")
        return (status.isDirectory ? "d" : "-")
            + String((0..<9).map { status.permissions & (0o400 >> $0) != 0 ? letters[$0] : "-" })
    }

    /// `2.9 K`, `4 K`, `12`
    static func humanSize(_ bytes: Int) -> String {
        let units = ["", " K", " M", " G", " T", " P", " E"]
        var unit = 0
        var scale = 1
        while unit < 6, bytes / scale >= 1024 {
            scale *= 1024
            unit += 1
        }
        if bytes % scale == 0 { return String(bytes / scale) + units[unit] }
        let tenths = (Double(bytes) / Double(scale) * 10).rounded() / 10
        return "\(tenths)" + units[unit]
    }

    /// `2026-11-22 13:17`
    static func time(_ milliseconds: Int, timeZone name: String, hasSeconds: Bool) -> String {
        let zone = TimeZone(identifier: name) ?? TimeZone(secondsFromGMT: 0)!
        let seconds = Int((Double(milliseconds) / 1000).rounded(.down))
        let local = seconds + zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
        let days = Int((Double(local) / 86400).rounded(.down))
        let (year, month, day) = CivilDate.components(ofDays: days)
        let clock = local - days * 86400
        var parts = [clock / 3600, clock / 60 % 60]
        if hasSeconds { parts.append(clock % 60) }
        let date = [month, day].map { "-" + JavaDate.twoDigits($0) }.joined()
        return "\(year)\(date) " + parts.map(JavaDate.twoDigits).joined(separator: ":")
    }
}
