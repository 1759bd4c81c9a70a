using Gateway.Actors.Engines;

namespace Gateway.Actors.Tests.Engines;

public sealed class ClassLabelsTests
{
    [Theory]
    [InlineData("""{"0":"bad","1":"good"}""", "bad,good")]
    [InlineData("""{"1":"good","0":"bad"}""", "bad,good")]
    [InlineData("""{"2":"c"}""", ",,c")]
    public void Labels_stand_at_their_classes_numbers(string json, string expected) =>
        Assert.Equal(expected, string.Join(',', ClassLabels.Parse(json)));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("""{"a":"x","-1":"y","0":7,"99999999":"z"}""")]
    public void Nonsense_names_nothing(string json) => Assert.Empty(ClassLabels.Parse(json));
}
