"""The engine's own finding codes: what each means, says and advises.

Rules (C3xx and up) bring their texts with the template; these are what the engine itself
can see: F0xx the file, L1xx locating, V2xx how a value is written. Levels are the words of
the JSON report; places in ``message`` are filled by name.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """One engine code: ``level`` is error, warning or note."""

    code: str
    level: str
    title: str
    message: str
    advice: str
    basis: str


_SAFETY = "perfxl 的读取安全限制"
_READING = "perfxl 的读取范围"
_LAYOUT = "通知所附表样"
_WRITING = "填报说明：金额、比率、人数应填数字"

CODES: dict[str, Code] = {
    code.code: code
    for code in (
        Code("F000", "error", "文件不能处理", "{reason}", "请按上面的提示处理后重新报送", _READING),
        Code(
            "F001",
            "error",
            "文件打不开",
            "{reason}",
            "请核对文件是否存在、是否为空、是否有权限读取",
            _READING,
        ),
        Code(
            "F002",
            "error",
            "不是工作簿",
            "{reason}",
            "请在 Excel 或 WPS 中另存为 .xlsx 后重新报送",
            _READING,
        ),
        Code(
            "F003",
            "error",
            "工作簿已加密",
            "{reason}",
            "请在 Excel 或 WPS 中去掉打开密码后重新报送",
            _READING,
        ),
        Code(
            "F004",
            "error",
            "工作簿已损坏",
            "{reason}",
            "请在 Excel 或 WPS 中打开修复，另存为 .xlsx 后重新报送",
            _READING,
        ),
        Code(
            "F005",
            "error",
            "工作簿超出限制",
            "{reason}",
            "请删去与自评表无关的工作表、图片和空白行列后重新报送",
            _SAFETY,
        ),
        Code(
            "F006",
            "error",
            "工作簿内容不安全",
            "{reason}",
            "请把内容复制到空白表样中重新报送",
            _SAFETY,
        ),
        Code(
            "F007",
            "error",
            "工作簿不能改写",
            "{reason}",
            "请去掉数字签名或共享修订后再生成更正稿",
            _SAFETY,
        ),
        Code(
            "F008",
            "error",
            "结果不能写出",
            "{reason}",
            "请核对输出位置是否存在、是否有权限、磁盘是否已满",
            _READING,
        ),
        Code(
            "F009",
            "error",
            "认不出自评表",
            "没有认出自评表：最接近的表样是“{template}”，只对上 {share}；没有找到 {missing}",
            "请核对是否报错了文件；若表样不同，请用 -t 指定模板",
            _LAYOUT,
        ),
        Code(
            "F010",
            "note",
            "更正稿按表样重新生成",
            "{reason}",
            "请在更正稿上改正（原文件的图片、批注、公式不在其中）；"
            "要在原文件上改的，先用 Excel 或 WPS 另存为 .xlsx 再检查",
            _READING,
        ),
        Code(
            "F011",
            "note",
            "模板版本不同",
            "工作簿由模板 {made} 生成，检查所用的模板是 {template}",
            "请核对两个版本的表样和规则有无不同；可用 -t 指定原来版本的模板工作簿",
            _LAYOUT,
        ),
        Code(
            "F012",
            "warning",
            "不是本年度的模板",
            "工作簿由模板 {made} 生成，检查所用的模板是 {template}",
            "请核对报送的是不是本年度的表；是的，请换用本年度的空白表填报",
            _LAYOUT,
        ),
        Code(
            "F013",
            "error",
            "名册不能使用",
            "{reason}",
            "请按提示改正名册后重新生成；perfxl blank --example 写出一份样例",
            _READING,
        ),
        Code(
            "L101",
            "warning",
            "必填栏目没有找到",
            "《{form_title}》没有找到必填栏目：{fields}",
            "请按表样补上栏目名称和数据，不要删改表头文字",
            _LAYOUT,
        ),
        Code(
            "L102",
            "warning",
            "栏目位置不能确定",
            "“{field}”可能在 {cells}，不能确定是哪一格，有关检查没有进行",
            "请删去重复的栏目，或恢复表样的原有顺序",
            _LAYOUT,
        ),
        Code(
            "L103",
            "warning",
            "明细表头没有找到",
            "《{form_title}》没有找到“{group}”的表头（{columns}），明细没有检查",
            "请恢复表样的表头行，各列名称不要删改",
            _LAYOUT,
        ),
        Code(
            "L104",
            "warning",
            "同一张表出现两次",
            "《{form_title}》又出现在工作表“{sheet}”，只检查了“{kept}”中的一张",
            "请只保留一张正式填报的表",
            _LAYOUT,
        ),
        Code(
            "L105",
            "warning",
            "表内栏目大多认不出",
            "《{form_title}》的 {total} 个栏目名称只认出 {found} 个，这张表没有检查",
            "请使用通知所附表样填报，不要改动栏目名称",
            _LAYOUT,
        ),
        Code(
            "L106",
            "note",
            "缺少附表",
            "工作簿中没有找到《{form_title}》",
            "如该表应一并报送，请补上",
            _LAYOUT,
        ),
        Code(
            "L107",
            "note",
            "栏目名称与表样不符",
            "栏目名称写成“{stated}”，与“{label}”相近，按它所在的位置认作这一栏",
            "请按表样改正栏目名称；不是这一栏的，请恢复原有的栏目",
            _LAYOUT,
        ),
        Code(
            "L108",
            "note",
            "附表没有填写",
            "《{form_title}》一项也没有填写",
            "如该表应报送，请填写；没有这项内容的，可以删去这张表",
            _LAYOUT,
        ),
        Code(
            "L109",
            "warning",
            "工作簿没有填写",
            "{titles}没有填写，像是没有填报的空白表",
            "请核对是否报错了文件；确实没有内容可报的，请说明原因",
            _LAYOUT,
        ),
        Code(
            "V201",
            "warning",
            "数字不能读取",
            "“{field}”填的是“{stated}”，不能读成一个数，有关检查没有进行",
            "请改填一个数，单位、说明写到其他栏",
            _WRITING,
        ),
        Code(
            "V202",
            "warning",
            "应填数字处填了文字",
            "“{field}”应填数字，填的是“{stated}”，有关检查没有进行",
            "请改填数字；没有发生的填 0",
            _WRITING,
        ),
        Code(
            "V203",
            "error",
            "公式出错",
            "“{field}”显示 {stated}，公式算不出结果，有关检查没有进行",
            "请改正公式，或直接填写数值；全年预算数为 0 时执行率不用计算",
            _WRITING,
        ),
        Code(
            "V204",
            "note",
            "数字中有多余或误写的字符",
            "“{field}”填的是“{stated}”，按 {value} 检查",
            "请改为规范的数字写法",
            _WRITING,
        ),
        Code(
            "V205",
            "note",
            "数字以文本填写",
            "《{form_title}》有 {count} 格数字以文本填写（如 {cell} 的“{stated}”），不能直接求和",
            "请改为数值格式，单位写在表头",
            _WRITING,
        ),
        Code(
            "V208",
            "note",
            "计算栏以文本填写",
            "“{field}”以文本填写（“{stated}”），不能参加计算",
            "请改为数值；更正稿中已改",
            _WRITING,
        ),
        Code(
            "V206",
            "note",
            "比率没有写百分号",
            "“{field}”填的是“{stated}”，没有百分号，按 {value} 检查",
            "请写成百分数，如 98.05%",
            _WRITING,
        ),
        Code(
            "V207",
            "note",
            "金额单位与表头不同",
            "“{field}”填的是“{stated}”，已换算为 {value}{unit} 检查",
            "请按表头的单位填写",
            _WRITING,
        ),
    )
}
