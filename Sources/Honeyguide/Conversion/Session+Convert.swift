import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyExecution
import HoneyFiles
import HoneyPlan
import HoneyStorage

extension Session {
    /// Converts a table or a directory of files into another format; the source is not touched.
    ///
    /// A conversion that was stopped goes on where it was when it is run again: finished files are noted in the target. A target
    /// table appears when all its files are there. `progress` is called often, from several threads.
    ///
    /// Fails with `TARGET_IN_USE` while another conversion writes the target, and with `VERIFICATION_FAILED` when the rows read back differ, naming the first column that does.
    public func convert(
        _ conversion: Conversion, progress: @escaping @Sendable (ConversionProgress) -> Void = { _ in }
    ) throws -> ConversionReport {
        let context = try SessionContext(session: self)
        let format = try engine.extensions.storage.format(keyword: conversion.format)
        let codec = try ConversionCodec(conversion.codec, format: format.keyword)
        let settings = self.settings.all.merging(codec.settings) { $1 }
        let source =
            switch conversion.source {
            case .table(let name): try ConversionSource(name, in: context, engine, settings: settings)
            case .directory(let location): try ConversionSource(location, conversion, engine)
            }
        let target = try ConversionTarget(of: conversion, source, format, codec, in: context)
        let fileSystem = try engine.extensions.fileSystems.serving(target.root)
        let identity = ConversionJournal.Identity(
            source: conversion.source.description, format: format.keyword, codec: conversion.codec,
            serde: conversion.targetSerDe, columns: source.table.columns)
        let lock = try ConversionLock(in: target.root, fileSystem)
        defer { lock.release() }
        let journal = try ConversionJournal(in: target.root, of: identity, fileSystem)
        try journal.requireSources(source.files.map(\.status))
        let run = ConversionRun(
            source.files,
            by: FileConversion(
                handler: engine.fileTables, fileSystem: fileSystem, source: source.table,
                sourcePartitions: source.partitions, target: target.table, targetPartitions: target.partitions,
                targetRoot: target.root, settings: settings),
            journal: journal, verifies: conversion.verifies, report: progress)
        let (entries, finishedBefore) = try run.run(threads: self.settings.threads)
        try target.register(in: context)
        return report(of: entries, finishedBefore, target.place)
    }

    private func report(
        of entries: [ConversionJournal.Entry], _ finishedBefore: Int, _ place: Conversion.Place
    ) -> ConversionReport {
        var report = ConversionReport(target: place)
        report.files = entries.count
        report.filesFinishedBefore = finishedBefore
        for entry in entries {
            report.rows += entry.rows
            report.sourceBytes += entry.sourceBytes
            report.targetBytes += entry.targetBytes
        }
        report.sourceChecksum = total(entries.map(\.sourceChecksum))
        report.targetChecksum = total(entries.map(\.targetChecksum))
        return report
    }

    /// The sum of files' checksums; nil when one has none.
    private func total(_ checksums: [String?]) -> String? {
        var total: UInt128 = 0
        for checksum in checksums {
            guard let checksum, let sum = UInt128(checksum, radix: 16) else { return nil }
            total &+= sum
        }
        return RowChecksum(sum: total, rows: 0).description
    }
}
