import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var merging: [DfsCommand] {
        [
            DfsCommand(
                "appendToFile", "[-n] <localsrc> ... <dst>",
                "Appends files of this machine, or standard input (-), to a file, which is made if it is missing; "
                    + "-n is taken, and the file's last block is filled first all the same."
            ) { try $0.appendToFile() },
            DfsCommand(
                "getmerge", "[-nl] [-skip-empty-file] <src> <localdst>",
                """
                Puts files, and the files in directories, one after another into one file of this machine.

                  -nl               Adds a new line after each.
                  -skip-empty-file  But not after empty ones.
                """
            ) { try $0.merge() },
        ]
    }
}

extension DfsRun {
    fileprivate func appendToFile() throws {
        _ = try options("n", 0)
        guard arguments.count > 1 else { throw DfsFailure("missing destination argument") }
        let target = try target(arguments.removeLast())
        let readsInput = arguments.contains("-")
        arguments.removeAll { $0 == "-" }
        if target.status == nil { try target.fileSystem.write([], to: target.location) }
        let sources = try localItems()
        if readsInput, !sources.isEmpty {
            throw DfsFailure("stdin (-) must be the sole input argument when present")
        }
        try attempt(target.text) {
            let file = try target.fileSystem.append(target.location)
            // What has been appended stays when a later source is missing.
            do {
                if readsInput { try pourInput(into: file) }
                for source in sources {
                    if source.status == nil { throw DfsFailure(source.location.path) }
                    if source.isDirectory { throw DfsFailure("Is a directory") }
                    try pour(source, into: file)
                }
            } catch {
                try? file.close()
                throw error
            }
            try file.close()
        }
    }

    fileprivate func merge() throws {
        let options = try options("nl skip-empty-file", 2)
        let target = try localItem(arguments.removeLast())
        if target.isDirectory { throw DfsFailure.isDirectory(target.text) }
        var files: [DfsItem] = []
        var isComplete = true
        try process(missing: { item in
            isComplete = false
            throw DfsFailure.missing(item.text)
        }) { item in
            files += item.isDirectory ? try item.children().filter { !$0.isDirectory } : [item]
        }
        guard isComplete else { return }
        try attempt(target.text) {
            let output = try target.fileSystem.create(target.location, overwrite: true)
            for file in files {
                try pour(file, into: output)
                let isSkipped = file.status?.size == 0 && options["skip-empty-file"] != nil
                if options["nl"] != nil, !isSkipped { try [UInt8(ascii: "\n")].withUnsafeBytes(output.write) }
            }
            try output.close()
        }
    }

    private func pourInput(into file: any WritableFile) throws {
        while true {
            let bytes = try shell.input()
            if bytes.isEmpty { return }
            try bytes.withUnsafeBytes(file.write)
        }
    }

    private func pour(_ item: DfsItem, into file: any WritableFile) throws {
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
