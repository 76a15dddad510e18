using System.Globalization;
using System.Text;
using Commonhold.Exports.Samples;

namespace Commonhold.Exports.AppleHealth;

/// <summary>The forms in which Apple Health exports come.</summary>
internal enum HealthForm
{
    /// <summary>What the phone shares: <c>export.zip</c> with <c>apple_health_export/export.xml</c> and other files.</summary>
    Archive,

    /// <summary><c>export.xml</c> by itself.</summary>
    File,

    /// <summary>That of an iOS before 16: totals are attributes of workouts, move minutes are called otherwise.</summary>
    OlderFile,
}

/// <summary>One made-up person's health records.</summary>
internal sealed class HealthSample
{
    // What iOS 17 writes, shortened to the elements that occur.
    private const string Dtd = """
        <!DOCTYPE HealthData [
        <!-- HealthKit Export Version: 14 -->
        <!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord|Audiogram|VisionPrescription)*)>
        <!ATTLIST HealthData
          locale CDATA #REQUIRED
        >
        <!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
        <!ATTLIST Record
          type          CDATA #REQUIRED
          unit          CDATA #IMPLIED
          value         CDATA #IMPLIED
          sourceName    CDATA #REQUIRED
          sourceVersion CDATA #IMPLIED
          device        CDATA #IMPLIED
          creationDate  CDATA #IMPLIED
          startDate     CDATA #REQUIRED
          endDate       CDATA #REQUIRED
        >
        <!-- Note: Any Records that appear as children of a correlation also appear as top-level records in this document. -->
        <!ELEMENT Correlation ((MetadataEntry|Record)*)>
        ]>
        """;

    private readonly SampleArchive _archive = new();
    private readonly StringBuilder _xml = new();
    private readonly string _watch;
    private readonly string _phone;
    private readonly string _app;
    private readonly TimeSpan _zone;
    private SampleRandom _random;

    private HealthSample(ulong seed, int index, int rows, HealthForm form)
    {
        _random = new SampleRandom((seed * 0x9E3779B97F4A7C15) ^ ((ulong)index * 0xD6E8FEB86659FD93));
        _watch = _archive.Secret("Wilhelmine-secret’s Apple Watch");
        _phone = _archive.Secret("Wilhelmine-secret’s iPhone");
        _app = _archive.Secret("Secret Scales & Co");
        _zone = TimeSpan.FromHours(_random.Below(3) - 1);
        var start = new DateTimeOffset(2024, 1, 1, 6, 0, 0, _zone).AddDays(_random.Below(200));
        _xml.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").Append(Dtd).Append("\n<HealthData locale=\"de_DE\">\n");
        _xml.Append(CultureInfo.InvariantCulture, $" <ExportDate value=\"{Date(start.AddDays(400))}\"/>\n");
        _xml.Append(CultureInfo.InvariantCulture, $" <Me HKCharacteristicTypeIdentifierDateOfBirth=\"{_archive.Secret("1971-02-03")}\" HKCharacteristicTypeIdentifierBiologicalSex=\"{_archive.Secret("HKBiologicalSexFemale")}\"")
            .Append(CultureInfo.InvariantCulture, $" HKCharacteristicTypeIdentifierBloodType=\"{_archive.Secret("HKBloodTypeABNegative")}\" HKCharacteristicTypeIdentifierFitzpatrickSkinType=\"{_archive.Secret("HKFitzpatrickSkinTypeII")}\"")
            .Append(CultureInfo.InvariantCulture, $" HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse=\"{_archive.Secret("BetaBlockers")}\"/>\n");
        var at = start;
        for (var i = 0; i < rows; i++)
        {
            at = at.AddSeconds(60 + _random.Below(600));
            Record(i, at);
        }

        AddIntimate(at);
        AddCorrelation(at);
        AddWorkouts(start, form == HealthForm.OlderFile);
        AddDays(start, form == HealthForm.OlderFile);
        _xml.Append("</HealthData>\n");
        _archive.Add(form == HealthForm.Archive ? "apple_health_export/export.xml" : "export.xml", _xml.ToString());
        if (form == HealthForm.Archive)
            AddOtherFiles();
    }

    /// <summary>The files of one person in one form, and what must not come through.</summary>
    public static SampleArchive Make(ulong seed, int index, int rows, HealthForm form) => new HealthSample(seed, index, rows, form)._archive;

    private void Record(int i, DateTimeOffset at)
    {
        switch (i % 6)
        {
            case 0:
                Open("HKQuantityTypeIdentifierHeartRate", _watch, "count/min", at, at, $"{55 + _random.Below(90)}", isWatch: true);
                _xml.Append(">\n  <MetadataEntry key=\"HKMetadataKeyHeartRateMotionContext\" value=\"1\"/>\n </Record>\n");
                break;
            case 1:
                Open("HKQuantityTypeIdentifierStepCount", _phone, "count", at, at.AddSeconds(30 + _random.Below(500)), $"{1 + _random.Below(900)}", isWatch: false);
                _xml.Append("/>\n");
                break;
            case 2:
                Open("HKQuantityTypeIdentifierActiveEnergyBurned", _watch, "kcal", at, at.AddSeconds(40), Fine(3), isWatch: true);
                _xml.Append("/>\n");
                break;
            case 3:
                Open("HKQuantityTypeIdentifierDistanceWalkingRunning", _phone, "km", at, at.AddSeconds(_random.Below(300)), Fine(1), isWatch: false);
                _xml.Append("/>\n");
                break;
            case 4:
                var hour = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerHour));
                Open("HKCategoryTypeIdentifierAppleStandHour", _watch, null, hour, hour.AddHours(1), "HKCategoryValueAppleStandHourStood", isWatch: true);
                _xml.Append("/>\n");
                break;
            default:
                Open("HKQuantityTypeIdentifierBodyMass", _app, "kg", at, at, $"{60 + _random.Below(30)}", null);
                _xml.Append(CultureInfo.InvariantCulture, $">\n  <MetadataEntry key=\"HKWasUserEntered\" value=\"1\"/>\n  <MetadataEntry key=\"note\" value=\"{_archive.Secret("note-secret")}\"/>\n </Record>\n");
                break;
        }
    }

    private void Open(string type, string source, string? unit, DateTimeOffset start, DateTimeOffset end, string value, bool? isWatch)
    {
        _xml.Append(CultureInfo.InvariantCulture, $" <Record type=\"{type}\" sourceName=\"{source.Replace("&", "&amp;", StringComparison.Ordinal)}\" sourceVersion=\"10.3.1\"");
        if (isWatch is { } watch)
        {
            // The number in front is an address in the phone's memory: another one in every export.
            var (name, hardware) = watch ? ("Apple Watch", "Watch6,7") : ("iPhone", "iPhone14,2");
            _xml.Append(CultureInfo.InvariantCulture, $" device=\"&lt;&lt;HKDevice: {_archive.Secret("0x281secret")}{_random.Below(9999)}&gt;, name:{name}, manufacturer:Apple Inc., model:{name.Split(' ')[^1]}, hardware:{hardware}, software:10.3.1&gt;\"");
        }

        if (unit is not null)
            _xml.Append(CultureInfo.InvariantCulture, $" unit=\"{unit}\"");
        _xml.Append(CultureInfo.InvariantCulture, $" creationDate=\"{Date(end.AddMinutes(7))}\" startDate=\"{Date(start)}\" endDate=\"{Date(end)}\" value=\"{value}\"");
    }

    private void AddIntimate(DateTimeOffset at)
    {
        Open("HKCategoryTypeIdentifierMenstrualFlow", _phone, null, at, at, _archive.Secret("HKCategoryValueVaginalBleedingLight"), isWatch: false);
        _xml.Append("/>\n");
        Open("HKCategoryTypeIdentifierSexualActivity", _phone, null, at, at, _archive.Secret("HKCategoryValueNotApplicableSecret"), isWatch: false);
        _xml.Append("/>\n");
    }

    // What stands inside stands outside too, so it must not be counted twice.
    private void AddCorrelation(DateTimeOffset at)
    {
        _xml.Append(CultureInfo.InvariantCulture, $" <Correlation type=\"HKCorrelationTypeIdentifierBloodPressure\" sourceName=\"x\" startDate=\"{Date(at)}\" endDate=\"{Date(at)}\">\n ");
        Open("HKQuantityTypeIdentifierBloodPressureSystolic", _app, "mmHg", at, at, "120", null);
        _xml.Append("/>\n </Correlation>\n");
        Open("HKQuantityTypeIdentifierBloodPressureSystolic", _app, "mmHg", at, at, "120", null);
        _xml.Append("/>\n");
    }

    private void AddWorkouts(DateTimeOffset start, bool isOld)
    {
        for (var i = 0; i < 5; i++)
        {
            var at = start.AddDays(i).AddSeconds(_random.Below(9000));
            var minutes = 20 + _random.Below(60);
            var (distance, energy) = (Fine(9), Fine(400));
            _xml.Append(CultureInfo.InvariantCulture, $" <Workout workoutActivityType=\"HKWorkoutActivityTypeRunning\" duration=\"{minutes}.25\" durationUnit=\"min\"");
            if (isOld)
                _xml.Append(CultureInfo.InvariantCulture, $" totalDistance=\"{distance}\" totalDistanceUnit=\"km\" totalEnergyBurned=\"{energy}\" totalEnergyBurnedUnit=\"kcal\"");
            _xml.Append(CultureInfo.InvariantCulture, $" sourceName=\"{_watch}\" sourceVersion=\"10.3.1\" creationDate=\"{Date(at)}\" startDate=\"{Date(at)}\" endDate=\"{Date(at.AddMinutes(minutes))}\">\n");
            _xml.Append("  <MetadataEntry key=\"HKIndoorWorkout\" value=\"0\"/>\n");
            if (!isOld)
            {
                foreach (var (type, sum, unit) in ((string, string, string)[])[("ActiveEnergyBurned", energy, "kcal"), ("DistanceWalkingRunning", distance, "km")])
                    _xml.Append(CultureInfo.InvariantCulture, $"  <WorkoutStatistics type=\"HKQuantityTypeIdentifier{type}\" startDate=\"{Date(at)}\" endDate=\"{Date(at)}\" sum=\"{sum}\" unit=\"{unit}\"/>\n");
            }

            _xml.Append(CultureInfo.InvariantCulture, $"  <WorkoutRoute sourceName=\"{_watch}\" startDate=\"{Date(at)}\" endDate=\"{Date(at)}\"><FileReference path=\"/workout-routes/route_{_archive.Secret("secret-route")}.gpx\"/></WorkoutRoute>\n </Workout>\n");
        }
    }

    private void AddDays(DateTimeOffset start, bool isOld)
    {
        for (var i = 0; i < 7; i++)
        {
            _xml.Append(CultureInfo.InvariantCulture, $" <ActivitySummary dateComponents=\"{start.AddDays(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}\" activeEnergyBurned=\"{Fine(700)}\" activeEnergyBurnedGoal=\"500\" activeEnergyBurnedUnit=\"kcal\"")
                .Append(CultureInfo.InvariantCulture, $" {(isOld ? "appleMoveMinutes" : "appleMoveTime")}=\"{_random.Below(90)}\" appleExerciseTime=\"{_random.Below(60)}\" appleExerciseTimeGoal=\"30\" appleStandHours=\"{_random.Below(16)}\" appleStandHoursGoal=\"12\"/>\n");
        }
    }

    private void AddOtherFiles()
    {
        _archive.Add("apple_health_export/export_cda.xml", $"<ClinicalDocument>{_archive.Secret("cda-secret")}</ClinicalDocument>");
        _archive.Add($"apple_health_export/workout-routes/route_2024-01-02.gpx", $"<gpx>{_archive.Secret("52.5200secret")}</gpx>");
        _archive.Add("apple_health_export/electrocardiograms/ecg_2024-01-02.csv", $"Name,{_archive.Secret("Wilhelmine Secret")}\n");
        _archive.Add("apple_health_export/clinical-records/Condition-1.json", $"{{\"code\":\"{_archive.Secret("diagnosis-secret")}\"}}");
    }

    private string Fine(int most) =>
        (_random.Below(most * 1_000_000) / 1e6m).ToString("0.00000", CultureInfo.InvariantCulture);

    private static string Date(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture) + at.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
}
