import HoneyCore
import HoneyFiles

extension DfsRun {
    func mkdir() throws {
        for operand in operands {
            try attempt(operand) {
                let item = try item(operand)
                if let status = item.status {
                    if !status.isDirectory { return complain(operand, "Is not a directory") }
                    if !options.contains("p") { complain(operand, "File exists") }
                    return
                }
                if !options.contains("p"), try item.fileSystem.status(item.location.parent) == nil {
                    return complain(item.location.parent.description, "No such file or directory")
                }
                try item.fileSystem.makeDirectory(item.location)
            }
        }
    }

    func touchz() throws {
        for operand in operands {
            try attempt(operand) {
                let item = try item(operand)
                if item.isDirectory { return complain(operand, "Is a directory") }
                if let status = item.status, status.size > 0 { return complain(operand, "Not a zero-length file") }
                try requireParent(item)
                try item.fileSystem.write([], to: item.location, overwrite: true)
            }
        }
    }

    func rm() throws {
        let isRecursive = options.contains("r") || options.contains("R")
        for operand in operands {
            try attempt(operand) {
                if options.contains("f"), try item(operand).status == nil,
                    try PathPattern.expand(item(operand).location, item(operand).fileSystem).isEmpty
                {
                    return
                }
                try each([operand]) { item in
                    if item.isDirectory, !isRecursive { return complain(item.text, "Is a directory") }
                    try item.fileSystem.delete(item.location, recursive: isRecursive)
                    try print("Deleted \(item.text)")
                }
            }
        }
    }

    func rmdir() throws {
        try each(operands) { item in
            guard item.isDirectory else { return complain(item.text, "Is not a directory") }
            let isEmpty = try item.fileSystem.list(item.location).isEmpty
            if !isEmpty, options.contains("-ignore-fail-on-non-empty") { return }
            try item.fileSystem.delete(item.location, recursive: false)
        }
    }

    func put(isMove: Bool = false) throws {
        try transfer(to: try item(operands[operands.count - 1]), sourcesAreLocal: true) { source, target in
            try copy(source, to: target)
            if isMove { try source.fileSystem.delete(source.location, recursive: true) }
        }
    }

    func get() throws {
        try transfer(to: try localItem(operands[operands.count - 1]), sourcesAreLocal: false, copy)
    }

    func cp() throws {
        try transfer(to: try item(operands[operands.count - 1]), sourcesAreLocal: false, copy)
    }

    func mv() throws {
        try transfer(to: try item(operands[operands.count - 1]), sourcesAreLocal: false) { source, target in
            guard source.location.scheme == target.location.scheme,
                source.location.authority == target.location.authority
            else { return complain(source.text, "Does not match target filesystem") }
            if target.status != nil { return complain(target.text, "File exists") }
            do {
                try source.fileSystem.rename(source.location, to: target.location)
            } catch let error as HoneyError where error.code == "CROSS_DEVICE" {
                try copy(source, to: target)
                try source.fileSystem.delete(source.location, recursive: true)
            }
        }
    }

    /// Hands each source to `body` with where it goes: into the last operand if that is a directory, else there.
    private func transfer(
        to target: Item, sourcesAreLocal: Bool, _ body: (_ source: Item, _ target: Item) throws -> Void
    ) throws {
        let sources = Array(operands.dropLast())
        try attempt(target.text) {
            if sources.count > 1, !target.isDirectory {
                return complain(target.text, target.status == nil ? "No such file or directory" : "Is not a directory")
            }
            if target.status == nil { try requireParent(target) }
            if failed { return }
            try each(sources, isLocal: sourcesAreLocal) { source in
                guard target.isDirectory else { return try body(source, target) }
                let place = target.location.appending(source.location.name)
                let text = target.text.hasSuffix("/") ? target.text : target.text + "/"
                let inside = Item(
                    text: text + source.location.name, location: place, fileSystem: target.fileSystem,
                    status: try target.fileSystem.status(place))
                try attempt(inside.text) { try body(source, inside) }
            }
        }
    }

    private func requireParent(_ item: Item) throws {
        guard try item.fileSystem.status(item.location.parent) == nil else { return }
        complain(item.text, "No such file or directory: `\(item.location.parent)'")
    }

    /// Copies by way of a name that tells it is not whole, as Hadoop does.
    private func copy(_ source: Item, to target: Item) throws {
        if target.location == source.location { return complain(source.text, "to `\(target.text)': are identical") }
        if target.status != nil, !options.contains("f") { return complain(target.text, "File exists") }
        if source.isDirectory, target.location.path.hasPrefix(source.location.path + "/"),
            target.location.scheme == source.location.scheme
        {
            return complain(source.text, "to `\(target.text)': is a subdirectory of itself")
        }
        let partial = target.location.parent.appending(target.location.name + "._COPYING_")
        try target.fileSystem.delete(partial, recursive: true)
        do {
            try source.fileSystem.copy(source.location, to: partial, on: target.fileSystem)
            if target.status != nil { try target.fileSystem.delete(target.location, recursive: false) }
            try target.fileSystem.rename(partial, to: target.location)
        } catch {
            _ = try? target.fileSystem.delete(partial, recursive: true)
            throw error
        }
    }

    func appendToFile() throws {
        let target = try item(operands[operands.count - 1])
        try attempt(target.text) {
            if target.isDirectory { return complain(target.text, "Is a directory") }
            let file =
                try target.status == nil
                ? target.fileSystem.create(target.location, overwrite: false)
                : target.fileSystem.append(target.location)
            try each(Array(operands.dropLast()), isLocal: true) { try pour($0, into: file) }
            try file.close()
        }
    }

    func getMerge() throws {
        let target = try localItem(operands[operands.count - 1])
        try attempt(target.text) {
            let file = try target.fileSystem.create(target.location, overwrite: true)
            try each(Array(operands.dropLast())) { item in
                let parts = item.isDirectory ? try item.fileSystem.list(item.location).map(item.child) : [item]
                for part in parts where !part.isDirectory {
                    try pour(part, into: file)
                    if options.contains("nl") { try [UInt8(ascii: "\n")].withUnsafeBytes { try file.write($0) } }
                }
            }
            try file.close()
        }
    }

    private func pour(_ item: Item, into file: any WritableFile) throws {
        let source = try item.fileSystem.open(item.location)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while true {
            let count = try source.read(at: offset, count: buffer.count, into: buffer.baseAddress!)
            if count == 0 { return }
            try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
    }
}
