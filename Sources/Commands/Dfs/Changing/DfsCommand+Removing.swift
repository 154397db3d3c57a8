import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var removing: [DfsCommand] {
        [
            DfsCommand(
                "rm", "[-f] [-r|-R] [-skipTrash] [-safely] <src> ...",
                """
                Removes files, or moves them to the trash where there is one.

                  -f          Does not mind what is missing.
                  -r, -R      Removes directories with all in them, too.
                  -skipTrash  Removes at once.
                  -safely     Asks before a directory of many files goes.
                """
            ) { try $0.remove() },
            DfsCommand("rmr", insteadOf: "-rm -r") { run in
                run.arguments.insert("-r", at: 0)
                try run.remove()
            },
            DfsCommand(
                "rmdir", "[--ignore-fail-on-non-empty] <dir> ...", "Removes directories that are empty."
            ) { try $0.removeDirectories() },
            DfsCommand(
                "expunge", "[-immediate] [-fs <path>]",
                "Removes what has been in the trash long enough and starts a new part of it; "
                    + "-immediate removes all older parts."
            ) { try $0.expunge() },
        ]
    }
}

extension DfsRun {
    fileprivate func remove() throws {
        let options = try options("f r R skipTrash safely")
        let isRecursive = options["r"] != nil || options["R"] != nil
        let ignoresMissing = options["f"] != nil
        var items: [DfsItem] = []
        for text in arguments {
            try attempt(text) {
                do { items += try expand(text) } catch is DfsFailure where ignoresMissing {}
            }
        }
        try each(items, missing: { if !ignoresMissing { throw DfsFailure.missing($0.text) } }) { item in
            if item.isDirectory, !isRecursive { throw DfsFailure.isDirectory(item.text) }
            if options["skipTrash"] == nil, try moveToTrash(item) { return }
            if options["safely"] != nil, item.isDirectory, try !confirmsRemoval(of: item) { return }
            try item.fileSystem.delete(item.location, recursive: isRecursive)
            try print("Deleted \(item.text)")
        }
    }

    private func moveToTrash(_ item: DfsItem) throws -> Bool {
        guard shell.trashMinutes > 0 else { return false }
        do {
            guard let place = try DfsTrash(shell, item.fileSystem, near: item.location).take(item.location) else {
                return false
            }
            note("Moved: '\(item.location)' to trash at: \(place)")
            return true
        } catch let error as DfsFailure {
            throw DfsFailure(error.message + ". Consider using -skipTrash option")
        }
    }

    private func confirmsRemoval(of item: DfsItem) throws -> Bool {
        let count = try item.administered.contentSummary(item.location).fileCount
        guard shell.safeDeletionFiles > 0, count > shell.safeDeletionFiles else { return true }
        note("Proceed deleting \(count) files? (Y or N) ")
        let answer = try shell.input().first
        if answer == UInt8(ascii: "y") || answer == UInt8(ascii: "Y") { return true }
        note("Delete aborted at user request.\n")
        return false
    }

    fileprivate func removeDirectories() throws {
        let ignoresFull = try options("-ignore-fail-on-non-empty")["-ignore-fail-on-non-empty"] != nil
        try process { item in
            guard item.isDirectory else { throw DfsFailure.isNotDirectory(item.text) }
            if try item.fileSystem.list(item.location).isEmpty {
                try item.fileSystem.delete(item.location, recursive: false)
            } else if !ignoresFull {
                throw DfsFailure(item.text, "Directory is not empty")
            }
        }
    }

    fileprivate func expunge() throws {
        let place = try takeOption("-fs")
        let isImmediate = try options("immediate", 0)["immediate"] != nil
        let location = try place.map { try target($0).location } ?? shell.root
        let trash = try DfsTrash(shell, shell.fileSystems.serving(location), near: location)
        try trash.removeOldParts(all: isImmediate)
        try trash.startPart()
    }
}
